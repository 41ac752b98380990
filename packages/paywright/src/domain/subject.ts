/** The subject that products, prices and the other objects of the account are synced under. */
export const CATALOG_SUBJECT = 'catalog'

// No id of Stripe has a colon, so that this is nobody's.
const CHARGE = 'charge:'

/**
 * The subject that the disputes of a charge are synced under, because they do not say whose they are. Every other subject,
 * besides the catalogue, is a Stripe customer's id.
 */
export function subjectOfCharge(stripeChargeId: string): string {
  return `${CHARGE}${stripeChargeId}`
}

/** The charge whose disputes are synced under this subject; `null` for any other subject. */
export function chargeOfSubject(subject: string): string | null {
  return subject.startsWith(CHARGE) ? subject.slice(CHARGE.length) : null
}
