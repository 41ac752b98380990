export { onCheckoutFailed, onCheckoutPaid, onCheckoutPending, onCheckoutSetUp } from './await-payment.js'
export { checkoutSessionHandlers, closeWhenDue } from './handlers.js'
