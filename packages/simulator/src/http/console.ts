import type { Engine } from '../engine.js'
import { resend } from '../delivery/deliveries.js'
import { consolePage, type ConsoleData, type ConsoleStep } from '../pages/console.js'
import { seeOther } from '../pages/request.js'
import type { WebRequest, WebResponse } from './listener.js'

const SHOWN = 25
const HOUR = 3600

/** Answers a request for the developer's console at `/`; `undefined` when the address is none of its. */
export async function answerConsole(engine: Engine, request: WebRequest): Promise<WebResponse | undefined> {
  const form = new URLSearchParams(request.body)
  switch (`${request.method} ${request.path}`) {
    case 'GET /':
    case 'HEAD /':
      return consolePage(dataOf(engine))
    case 'POST /console/advance':
      await engine.advanceTo(targetOf(engine, form.get('step') as ConsoleStep | null))
      await engine.saved()
      return seeOther('/')
    case 'POST /console/resend':
      resend(engine.worldOf(null), form.get('event') ?? '')
      await engine.deliveries.drain()
      return seeOther('/#events')
    case 'POST /console/drain':
      await engine.deliveries.drain()
      return seeOther('/#events')
    default:
      return undefined
  }
}

/** An unknown step goes nowhere. */
function targetOf(engine: Engine, step: ConsoleStep | null): number {
  const now = engine.clock.now()
  switch (step) {
    case 'hour':
      return now + HOUR
    case 'day':
      return now + 24 * HOUR
    case 'week':
      return now + 7 * 24 * HOUR
    case 'month':
      return now + 31 * 24 * HOUR
    case 'next_billing_event':
      return engine.nextBillingEventAt() ?? now
    case null:
      return now
    default:
      step satisfies never
      return now
  }
}

function dataOf(engine: Engine): ConsoleData {
  const transaction = engine.worldOf(null).view()
  const events = transaction.page('events', { limit: SHOWN }, { kind: 'event' }).data
  return {
    now: engine.clock.now(),
    isFrozen: engine.clock.setting.mode === 'frozen',
    nextBillingEventAt: engine.nextBillingEventAt(),
    deliveryMode: engine.deliveries.mode,
    customers: transaction.page('customers', { limit: SHOWN }, { kind: 'customer' }).data,
    subscriptions: transaction
      .page('subscriptions', { limit: SHOWN }, { kind: 'subscription' })
      .data.map((subscription) => ({
        subscription,
        periodEnd: transaction.by('subscription_items', 'subscription', subscription.id)[0]?.current_period_end ?? null,
      })),
    events: events.map((event) => ({ event, deliveries: transaction.by('deliveries', 'event', event.id) })),
    requests: engine.log.list(SHOWN),
  }
}
