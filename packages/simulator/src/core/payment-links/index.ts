export { onCheckoutCompleted, paymentLinkHandlers } from './handlers.js'
