/**
 * Under what a receipt lies that is about nothing of ours: in one of 64 places that its id gives, so that every receipt has
 * a subject, the subject is a function of the event, and no place holds them all. Ids of Stripe's have no colon.
 */
export const PLACE_OF_EVENT = `'none:' || get_byte(sha256(convert_to(event_id, 'UTF8')), 0) % 64`

/** Of a row of `receipt`. Instances of an earlier release write null. */
export const IS_ABOUT_NOTHING = `(receipt.subject is null or starts_with(receipt.subject, 'none:'))`
