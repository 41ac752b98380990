/** Reads the customer's billing state once and shares it with all below. */
export { BillingProvider, type BillingProviderProps } from './provider.js'
/** The customer's plan, access and payments, and the plans for sale. */
export { useBilling, usePlans, type UseBilling, type UsePlans } from './use-billing.js'
/** Takes the customer to checkout. */
export { CheckoutButton, type CheckoutButtonProps } from './checkout-button.js'
/** Takes the customer to the portal. */
export { PortalButton, type PortalButtonProps } from './portal-button.js'
/** The plans side by side. */
export { PricingTable, type PricingTableProps } from './pricing-table.js'
/** Says that a payment failed and what to do. */
export { PastDueBanner, type PastDueBannerProps } from './past-due-banner.js'
/** Shows its children to those whose plan has a feature. */
export { Gate, type GateProps } from './gate.js'
/** Amounts in their currency and dates in words, as the components show them. */
export { formatAmount, formatDate } from './format.js'
/** What the hooks stand on, for use without React. */
export {
  createBillingClient,
  type BillingAction,
  type BillingClient,
  type BillingClientOptions,
  type BillingFailure,
  type BillingSnapshot,
} from './client.js'
