import {
  choicesFor,
  openPortal,
  previewChange,
  subscriptionIn,
  type SubscriptionView,
} from '../../core/portal/pages/index.js'
import { StripeError } from '../../core/error.js'
import { periodOf } from '../../core/subscriptions/items.js'
import type { PageResponse } from '../request.js'
import { act } from '../run.js'
import { cancelPage } from './cancel.js'
import { choosePage, confirmPage } from './change.js'
import { finish, firstOf } from './finish.js'
import { overviewPage } from './overview.js'
import type { PortalCall } from './frame.js'

export function serveChange(call: PortalCall, subscription: SubscriptionView): PageResponse | undefined {
  if (call.request.method === 'POST') return changePlan(call, subscription)
  if (!subscription.canChange) return undefined
  const transaction = call.world.view()
  const portal = openPortal(transaction, call.token)
  if (portal === undefined) return undefined
  const choices = choicesFor(transaction, portal, subscriptionIn(transaction, portal, subscription.id))
  return choosePage(call.context, subscription, choices)
}

export function serveConfirm(call: PortalCall, subscription: SubscriptionView): PageResponse | undefined {
  return confirm(call, { view: subscription, price: call.request.query.get('price') ?? '' })
}

/** The preview is made anew each time the page is shown, so that its amounts are those of this moment. */
function confirm(
  call: PortalCall,
  { view, price, error }: { view: SubscriptionView; price: string; error?: string },
): PageResponse | undefined {
  const transaction = call.world.view()
  const portal = openPortal(transaction, call.token)
  if (portal === undefined || transaction.get('prices', price) === undefined) return undefined
  const subscription = subscriptionIn(transaction, portal, view.id)
  transaction.enterClockOf(subscription.customer)
  try {
    const preview = previewChange(transaction, portal, { subscription, price })
    return confirmPage(call.context, { subscription: view, price, preview, ...(error !== undefined && { error }) })
  } catch (refusal) {
    if (!(refusal instanceof StripeError)) throw refusal
    return overviewPage(call.context, new URLSearchParams(), refusal.body.message)
  }
}

function changePlan(call: PortalCall, subscription: SubscriptionView): PageResponse {
  const { context, request, world, token } = call
  const price = request.form.get('price') ?? ''
  const at = Number(request.form.get('at'))
  const params = { subscription: subscription.id, price, ...(Number.isSafeInteger(at) && at > 0 && { at }) }
  const outcome = act(world, { name: 'portal_pages.change_plan', id: token, params })
  return finish(outcome, {
    base: context.base,
    done: 'changed',
    refused: (errors) => {
      const text = `${firstOf(errors)} Your plan was not changed.`
      return (
        confirm(call, { view: subscription, price, error: text }) ?? overviewPage(context, new URLSearchParams(), text)
      )
    },
  })
}

export function serveCancel(call: PortalCall, subscription: SubscriptionView): PageResponse | undefined {
  const { context, request, world, token } = call
  if (request.method !== 'POST') {
    const isOpen = subscription.canCancel && subscription.endsAt === null
    return isOpen ? cancelPage(context, { subscription, endsAt: endOf(call, subscription) }) : undefined
  }
  const { form } = request
  const params = { subscription: subscription.id, feedback: form.get('feedback'), comment: form.get('comment') }
  return finish(act(world, { name: 'portal_pages.cancel', id: token, params }), {
    base: context.base,
    done: 'canceled',
    refused: (errors) =>
      cancelPage(context, { subscription, endsAt: endOf(call, subscription), error: firstOf(errors) }),
  })
}

function endOf({ world }: PortalCall, { id }: SubscriptionView): number {
  return periodOf(world.view().load('subscriptions', id)).end
}

export function serveKeep(call: PortalCall, subscription: SubscriptionView): PageResponse | undefined {
  const { context, request, world, token } = call
  if (request.method !== 'POST') return undefined
  return finish(act(world, { name: 'portal_pages.keep', id: token, params: { subscription: subscription.id } }), {
    base: context.base,
    done: 'kept',
    refused: (errors) => overviewPage(context, new URLSearchParams(), firstOf(errors)),
  })
}
