import {
  openPortal,
  optionsFor,
  previewChange,
  subscriptionIn,
  type SubscriptionView,
  type Wish,
} from '../../core/portal/pages/index.js'
import { StripeError } from '../../core/error.js'
import type { PageResponse } from '../request.js'
import { act } from '../run.js'
import { choosePage, confirmPage } from './change.js'
import { finish, firstOf } from './finish.js'
import { overviewPage } from './overview.js'
import type { PortalCall } from './frame.js'

export function serveChange(call: PortalCall, subscription: SubscriptionView): PageResponse | undefined {
  if (call.request.method === 'POST') return changePlan(call, subscription)
  return subscription.canChange ? choose(call, subscription) : undefined
}

function choose(call: PortalCall, subscription: SubscriptionView, error?: string): PageResponse | undefined {
  const transaction = call.world.view()
  const portal = openPortal(transaction, call.token)
  if (portal === undefined) return undefined
  const options = optionsFor(transaction, portal, subscriptionIn(transaction, portal, subscription.id))
  return choosePage(call.context, subscription, { options, ...(error !== undefined && { error }) })
}

export function serveConfirm(call: PortalCall, subscription: SubscriptionView): PageResponse | undefined {
  return confirm(call, { view: subscription, wish: wishOf(call.request.query) })
}

/** What the customer wants, as the form or the address says it. */
function wishOf(form: URLSearchParams): Wish {
  const price = form.get('price')
  const quantity = form.get('quantity')
  const code = form.get('code')?.trim()
  return {
    ...(price !== null && price !== '' && { price }),
    ...(quantity !== null && /^\d{1,6}$/.test(quantity) && { quantity: Number(quantity) }),
    ...(code !== undefined && code !== '' && { code }),
  }
}

/** The preview is made anew each time the page is shown, so that its amounts are those of this moment. */
function confirm(
  call: PortalCall,
  { view, wish, error }: { view: SubscriptionView; wish: Wish; error?: string },
): PageResponse | undefined {
  const transaction = call.world.view()
  const portal = openPortal(transaction, call.token)
  if (portal === undefined) return undefined
  const subscription = subscriptionIn(transaction, portal, view.id)
  transaction.enterClockOf(subscription.customer)
  try {
    const preview = previewChange(transaction, portal, { subscription, wish })
    return confirmPage(call.context, { subscription: view, wish, preview, ...(error !== undefined && { error }) })
  } catch (refusal) {
    if (!(refusal instanceof StripeError)) throw refusal
    const { message } = refusal.body
    return view.canChange ? choose(call, view, message) : overviewPage(call.context, new URLSearchParams(), message)
  }
}

function changePlan(call: PortalCall, subscription: SubscriptionView): PageResponse {
  const { context, request, world, token } = call
  const wish = wishOf(request.form)
  const at = Number(request.form.get('at'))
  const params = { subscription: subscription.id, ...wish, ...(Number.isSafeInteger(at) && at > 0 && { at }) }
  const outcome = act(world, { name: 'portal_pages.change_plan', id: token, params })
  return finish(outcome, {
    base: context.base,
    done: isScheduled(call, subscription) ? 'scheduled' : 'changed',
    refused: (errors) => {
      const text = `${firstOf(errors)} Your plan was not changed.`
      return (
        confirm(call, { view: subscription, wish, error: text }) ?? overviewPage(context, new URLSearchParams(), text)
      )
    },
  })
}

/** Whether the change now waits for the end of the period. */
function isScheduled({ world }: PortalCall, { id }: SubscriptionView): boolean {
  return (world.view().get('subscriptions', id)?.schedule ?? null) !== null
}
