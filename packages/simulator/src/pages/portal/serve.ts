import { loginPageOf, openPortal, portalView, type SubscriptionView } from '../../core/portal/pages/index.js'
import { messagePage, staleFormPage } from '../layout.js'
import { isFrom, seeOther, type PageRequest, type PageResponse } from '../request.js'
import type { PageWorld } from '../run.js'
import { serveAct, serveCancel, servePause } from './serve-acts.js'
import { serveChange, serveConfirm } from './serve-plan.js'
import { serveCards, servePay } from './serve-cards.js'
import { serveDetails, serveTaxIds } from './serve-details.js'
import type { PortalCall, PortalContext } from './frame.js'
import { doneText, type Done } from './notices.js'
import { overviewPage } from './overview.js'

export function servePortal(world: PageWorld, request: PageRequest, token: string): PageResponse {
  const transaction = world.view()
  const { now } = transaction
  const portal = openPortal(transaction, token)
  if (portal === undefined) return expiredPage(loginPageOf(transaction, token))
  const context: PortalContext = {
    base: `/p/session/${token}`,
    view: portalView(transaction, portal, request.query.get('invoices_after') ?? undefined),
    now,
  }
  if (request.method === 'POST' && !isFrom(request, context.view.formToken)) return staleFormPage(context.base)
  return route({ world, request, context, token }) ?? seeOther(`${context.base}?home=1`)
}

function expiredPage(login: string | null): PageResponse {
  return messagePage({
    title: 'This link has expired',
    text: 'For your safety a link to billing works only for a short time. Go back to where you came from and open billing again.',
    status: 410,
    ...(login !== null && { link: { href: login, label: 'Get a new link' } }),
  })
}

function route(call: PortalCall): PageResponse | undefined {
  const { request, context } = call
  const rest = request.path.slice(context.base.length)
  const subscription = /^\/subscriptions\/(\w+)(\/.+)$/.exec(rest)
  if (subscription !== null) {
    const found = context.view.subscriptions.find(({ id }) => id === subscription[1])
    return found && routeSubscription(call, found, subscription[2] ?? '')
  }
  if (rest.startsWith('/cards/')) return serveCards(call, rest)
  if (rest === '/invoices/pay' && request.method === 'POST') return servePay(call)
  if (rest === '/details') return serveDetails(call)
  if (rest.startsWith('/tax-ids/')) return serveTaxIds(call, rest)
  return rest === '' ? home(call) : undefined
}

function routeSubscription(call: PortalCall, subscription: SubscriptionView, rest: string): PageResponse | undefined {
  switch (rest) {
    case '/cancel':
      return serveCancel(call, subscription)
    case '/drop-change':
      return serveAct(call, subscription, 'drop_change')
    case '/offer':
      return serveAct(call, subscription, 'accept_offer')
    case '/pause':
      return servePause(call, subscription)
    case '/resume':
      return serveAct(call, subscription, 'resume')
    case '/keep':
      return serveAct(call, subscription, 'keep')
    case '/change':
      return serveChange(call, subscription)
    case '/change/confirm':
      return serveConfirm(call, subscription)
    default:
      return undefined
  }
}

/** The overview, or, in a session that was opened for one act, that act and then its end. */
function home({ context, request }: PortalCall): PageResponse {
  const { flow } = context.view
  const isOverview = flow === null || request.query.has('home')
  const done = request.query.get('done')
  if (!isOverview && done === null) return seeOther(flowPath(context) ?? `${context.base}?home=1`)
  const { hosted_confirmation: confirmation, redirect, type } = flow?.after_completion ?? {}
  const succeeded = done !== null && request.query.get('redirect_status') !== 'failed'
  if (succeeded && redirect && type === 'redirect') return seeOther(redirect.return_url)
  if (succeeded && type === 'hosted_confirmation') {
    const link = context.view.returnUrl
    return messagePage({
      title: 'Done',
      text: confirmation?.custom_message ?? doneText(done as Done),
      ...(link !== null && { link: { href: link, label: `Back to ${context.view.businessName}` } }),
    })
  }
  return overviewPage(context, request.query)
}

function flowPath({ base, view }: PortalContext): string | undefined {
  const { flow } = view
  if (flow === null) return undefined
  if (flow.type === 'payment_method_update') return `${base}/cards/new`
  if (flow.type === 'customer_update') return `${base}/details`
  const target =
    flow.subscription_cancel ?? flow.subscription_pause ?? flow.subscription_update ?? flow.subscription_update_confirm
  const id = target?.subscription
  if (id === undefined || !view.subscriptions.some((subscription) => subscription.id === id)) return undefined
  if (flow.subscription_cancel !== null) return `${base}/subscriptions/${id}/cancel`
  if (flow.subscription_pause !== null) return `${base}/subscriptions/${id}/pause`
  if (flow.subscription_update !== null) return `${base}/subscriptions/${id}/change`
  const [item] = flow.subscription_update_confirm?.items ?? []
  const query = new URLSearchParams({
    ...(item?.price != null && { price: item.price }),
    ...(item?.quantity !== undefined && { quantity: String(item.quantity) }),
  })
  return `${base}/subscriptions/${id}/change/confirm?${query.toString()}`
}
