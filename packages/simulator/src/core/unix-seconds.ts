/** An instant, in whole seconds since 1970 as Stripe counts them. */
export type UnixSeconds = number
