import { BillingError } from '../errors.js'
import type { CustomerQuestion, HttpContext, Identity, Question, Route } from './context.js'

/** Lets only signed-in customers through, and tells the route who it is. */
export function signedIn(route: Route<CustomerQuestion>): Route {
  return async (context, asked) => {
    const customer = await context.identify(asked.request)
    if (customer === null) throw new BillingError('not_signed_in')
    return route(context, { ...asked, customer: checked(customer) })
  }
}

/** Lets through what the app's own pages send, and clients that are no browsers. */
export function fromApp(route: Route): Route {
  return async (context, asked) => {
    if (!isFromApp(context, asked)) throw new BillingError('origin_forbidden')
    return route(context, asked)
  }
}

/**
 * Browsers name the origin of every POST. Where none is named it was no browser, or one that says the request is of the
 * same origin; a page of another site can send neither, nor JSON without asking first.
 */
function isFromApp({ engine }: HttpContext, { request, url }: Question): boolean {
  const origin = request.headers.get('origin')
  if (origin === null) return ['same-origin', 'none', null].includes(request.headers.get('sec-fetch-site'))
  if (engine.origins === null) return origin === url.origin
  return origin === engine.origins.origin || engine.origins.allowed.includes(origin)
}

function checked(customer: Identity): Identity {
  if (typeof customer.id === 'string' && customer.id !== '') return customer
  throw new BillingError('configuration_invalid', { detail: '`identify` answered a customer whose id is no text.' })
}
