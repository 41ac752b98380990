import { expect, test } from 'vitest'
import { handlers } from '../core/resources.js'
import { otherRoutes } from './other-routes.generated.js'
import { routeShapes } from './parameters.generated.js'
import { createRouter } from './router.js'
import { routes } from './routes.js'
import { undocumentedRoutes } from './undocumented-routes.js'

/** Commands without a route: the hosted pages, the control plane and the clock run them. */
const INTERNAL = [
  'authentication_pages.answer',
  'checkout_pages.recover',
  'checkout_pages.revise',
  'checkout_pages.submit',
  'invoice_pages.pay',
  'payment_link_pages.open',
  'portal_pages.accept_offer',
  'portal_pages.add_card',
  'portal_pages.add_tax_id',
  'portal_pages.cancel',
  'portal_pages.change_plan',
  'portal_pages.drop_change',
  'portal_pages.keep',
  'portal_pages.log_in',
  'portal_pages.pause',
  'portal_pages.pay_invoice',
  'portal_pages.remove_card',
  'portal_pages.remove_tax_id',
  'portal_pages.resume',
  'portal_pages.set_default_card',
  'portal_pages.update_customer',
  'test_clocks.finish_advance',
  'webhook_endpoints.roll_secret',
]

test('every route has a handler, and every handler a route or a reason to have none', () => {
  const routed = new Set([...Object.values(routes), ...Object.values(undocumentedRoutes)])
  const known = Object.keys(handlers)
  expect([...routed].filter((name) => handlers[name] === undefined)).toEqual([])
  expect(known.filter((name) => !routed.has(name)).toSorted()).toEqual(INTERNAL)
})

test('no two routes carry out the same command', () => {
  expect(new Set(Object.values(routes)).size).toBe(Object.keys(routes).length)
})

test('every route knows its parameters', () => {
  expect(Object.keys(routes).filter((route) => routeShapes[route] === undefined)).toEqual([])
  expect(Object.keys(routeShapes).filter((route) => routes[route] === undefined)).toEqual([])
})

test('what is simulated is not among what Stripe has besides, and each route finds its own entry', () => {
  expect(otherRoutes.filter((route) => routes[route] !== undefined)).toEqual([])
  const match = createRouter(routes)
  const found = Object.keys(routes).map((route) => {
    const [method = '', path = ''] = route.split(' ')
    return match(method, path.replaceAll(/:\w+/g, 'some_id'))?.route
  })
  expect(found).toEqual(Object.keys(routes))
})
