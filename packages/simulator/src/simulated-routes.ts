import { routes } from './http/routes.js'

/** Every route of Stripe's API that the simulator carries out, as `POST /v1/customers/:id`. */
export const SIMULATED_ROUTES: readonly string[] = Object.keys(routes)
