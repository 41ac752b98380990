import type { UnixSeconds } from './time.js'

/**
 * Of what instant of Stripe's clock something stored is: it shows every change before the second `from`, and none after
 * the second `until`. Of changes in the seconds between nobody can say.
 */
export interface Seen {
  readonly from: UnixSeconds
  readonly until: UnixSeconds
}
