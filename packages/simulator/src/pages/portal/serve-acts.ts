import {
  openPortal,
  pausesFor,
  previewCancellation,
  subscriptionIn,
  type SubscriptionView,
} from '../../core/portal/pages/index.js'
import { periodOf } from '../../core/subscriptions/items.js'
import type { FieldErrors } from '../fields.js'
import type { PageResponse } from '../request.js'
import { act } from '../run.js'
import { cancelPage, type Cancellation } from './cancel.js'
import { finish, firstOf } from './finish.js'
import type { Done } from './notices.js'
import { overviewPage } from './overview.js'
import { pausePage } from './pause.js'
import type { PortalCall } from './frame.js'

/** Acts that need no page of their own, and what is said when they are done. */
const ACTS = {
  accept_offer: 'offer',
  drop_change: 'dropped',
  keep: 'kept',
  resume: 'resumed',
} as const satisfies Readonly<Record<string, Done>>

export function serveAct(
  call: PortalCall,
  subscription: SubscriptionView,
  name: keyof typeof ACTS,
): PageResponse | undefined {
  const { context, request, world, token } = call
  if (request.method !== 'POST') return undefined
  return finish(act(world, { name: `portal_pages.${name}`, id: token, params: { subscription: subscription.id } }), {
    base: context.base,
    done: ACTS[name],
    refused: (errors) => overviewPage(context, new URLSearchParams(), firstOf(errors)),
  })
}

export function serveCancel(call: PortalCall, subscription: SubscriptionView): PageResponse | undefined {
  const { context, request, world, token } = call
  const shown = (errors?: FieldErrors): PageResponse =>
    cancelPage(context, {
      ...cancellationOf(call, subscription),
      ...(errors !== undefined && { error: firstOf(errors) }),
    })
  if (request.method !== 'POST') {
    return subscription.canCancel && subscription.endsAt === null ? shown() : undefined
  }
  const { form } = request
  const params = { subscription: subscription.id, feedback: form.get('feedback'), comment: form.get('comment') }
  const outcome = act(world, { name: 'portal_pages.cancel', id: token, params })
  return finish(outcome, { base: context.base, done: 'canceled', refused: shown })
}

/** When the plan would end, and, if that is at once, what that bills or gives back. */
function cancellationOf({ context, world, token }: PortalCall, subscription: SubscriptionView): Cancellation {
  const transaction = world.view()
  const plan = transaction.load('subscriptions', subscription.id)
  const isAtOnce = context.view.features.subscription_cancel.mode === 'immediately'
  const portal = isAtOnce ? openPortal(transaction, token) : undefined
  const bill = portal === undefined ? null : previewCancellation(transaction, portal, plan)
  return { subscription, endsAt: periodOf(plan).end, bill }
}

export function servePause(call: PortalCall, subscription: SubscriptionView): PageResponse | undefined {
  const { context, request, world, token } = call
  const shown = (errors?: FieldErrors): PageResponse => {
    const error = errors === undefined ? {} : { error: firstOf(errors) }
    return pausePage(context, { subscription, choices: choicesIn(call, subscription), ...error })
  }
  if (request.method !== 'POST') return subscription.canPause ? shown() : undefined
  const params = { subscription: subscription.id, choice: Number(request.form.get('choice')) }
  const outcome = act(world, { name: 'portal_pages.pause', id: token, params })
  return finish(outcome, { base: context.base, done: 'paused', refused: shown })
}

function choicesIn({ world, token }: PortalCall, { id }: SubscriptionView): ReturnType<typeof pausesFor> {
  const transaction = world.view()
  const portal = openPortal(transaction, token)
  if (portal === undefined) return []
  transaction.enterClockOf(subscriptionIn(transaction, portal, id).customer)
  return pausesFor(transaction, portal)
}
