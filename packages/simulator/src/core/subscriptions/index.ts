export { createSubscription } from './create.js'
export { cancelSubscription } from './end.js'
export { rehearsePause } from './rehearse.js'
export { updateByPhase, updateSubscription } from './update.js'
