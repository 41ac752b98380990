import type { CheckoutOrder } from '../private-records.js'

/** One thing that is sold, as the session shows it. */
export type LineItem = CheckoutOrder['lineItems'][number]
