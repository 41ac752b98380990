export { createSubscription } from './create.js'
export { cancelSubscription } from './end.js'
export { updateSubscription } from './update.js'
