/** The subject that products and prices are synced under; every other subject is a Stripe customer's id. */
export const CATALOG_SUBJECT = 'catalog'
