import type Stripe from 'stripe'
import type { Stored } from '../stored.js'
import type { UnixSeconds } from '../unix-seconds.js'

/** A coupon in use. It stays after its end, since invoices refer to it; `endedAt` is not on the wire. */
export type DiscountRecord = Stored<Stripe.Discount> & { readonly endedAt: UnixSeconds | null }
