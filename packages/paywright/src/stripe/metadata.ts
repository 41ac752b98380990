/** Under this the app's own customer id stands on customers, sessions and subscriptions. */
export const CUSTOMER_METADATA_KEY = 'paywright_customer_id'

/** Under this the interval stands on prices, sessions and subscriptions. */
export const INTERVAL_METADATA_KEY = 'paywright_interval'
