import { BillingError } from '../errors.js'
import type { HttpContext, Route } from './context.js'
import { errorReply } from './error-reply.js'
import { fromApp, signedIn } from './guards.js'
import { postCheckout } from './routes/checkout.js'
import { getHealth } from './routes/health.js'
import { getInvoices } from './routes/invoices.js'
import { getPlans } from './routes/plans.js'
import { postPortal } from './routes/portal.js'
import { getReturn } from './routes/return.js'
import { getState } from './routes/state.js'
import { postCancel, postResume } from './routes/subscription.js'
import { postWebhook } from './routes/webhook.js'
import { doWork } from './routes/work.js'

const ROUTES: Readonly<Record<string, Readonly<Record<string, Route>>>> = {
  '/state': { GET: signedIn(getState) },
  '/plans': { GET: getPlans },
  '/invoices': { GET: signedIn(getInvoices) },
  '/checkout': { POST: fromApp(signedIn(postCheckout)) },
  '/return': { GET: getReturn },
  '/portal': { POST: fromApp(signedIn(postPortal)) },
  '/subscription/cancel': { POST: fromApp(signedIn(postCancel)) },
  '/subscription/resume': { POST: fromApp(signedIn(postResume)) },
  '/webhook': { POST: postWebhook },
  '/work': { GET: doWork, POST: doWork },
  '/health': { GET: getHealth },
}

/** All routes below the base path; every fault becomes an answer. */
export function createHandler(context: HttpContext): (request: Request) => Promise<Response> {
  return async (request) => {
    try {
      return await dispatch(context, request)
    } catch (error) {
      return errorReply(error, context.engine.log)
    }
  }
}

async function dispatch(context: HttpContext, request: Request): Promise<Response> {
  const url = new URL(request.url)
  const methods = routeOf(url.pathname, context.engine.basePath)
  if (methods === undefined) throw new BillingError('not_found')
  const route = Object.hasOwn(methods, request.method) ? methods[request.method] : undefined
  if (route !== undefined) return route(context, { request, url })
  const allow = Object.keys(methods).join(', ')
  const reply = errorReply(
    new BillingError('method_not_allowed', { detail: `It answers: ${allow}.` }),
    context.engine.log,
  )
  reply.headers.set('allow', allow)
  return reply
}

function routeOf(pathname: string, basePath: string): Readonly<Record<string, Route>> | undefined {
  if (!pathname.startsWith(`${basePath}/`)) return undefined
  const path = pathname.slice(basePath.length).replace(/\/+$/, '')
  return Object.hasOwn(ROUTES, path) ? ROUTES[path] : undefined
}
