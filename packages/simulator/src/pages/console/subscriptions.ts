import type { Records } from '../../core/records.js'
import { html, type Html } from '../html.js'
import type { PageResponse } from '../request.js'
import { money, per } from '../words.js'
import { consolePage } from './frame.js'
import { invoiceTable } from './invoices.js'
import { choice, code, facts, filters, instant, json, linkTo, older, section, status, table } from './parts.js'
import { concerns, eventsAbout, timeline } from './timeline.js'
import { pageOf, type ConsoleView } from './view.js'

type Subscription = Records['subscriptions']
type Item = Records['subscription_items']

const STATUSES = ['incomplete', 'incomplete_expired', 'trialing', 'active', 'past_due', 'unpaid', 'paused', 'canceled']

export function subscriptionList(view: ConsoleView): PageResponse {
  const chosen = view.query.get('status') ?? ''
  const asked = { table: 'subscriptions', kind: 'subscription', index: 'status', key: chosen } as const
  const { data, has_more: more } = pageOf(view, asked)
  const body = html`<h1>Subscriptions</h1>
    ${filters('subscriptions', choice({ name: 'status', label: 'Status', options: STATUSES, chosen }))}
    ${subscriptionTable(view, data)} ${older('subscriptions', view.query, { last: data.at(-1)?.id, more })}`
  return consolePage(view, { title: 'Subscriptions', section: 'subscriptions', body })
}

/** Subscriptions, the customer's column left out where there is but one. */
export function subscriptionTable(
  view: ConsoleView,
  subscriptions: readonly Subscription[],
  customers: 'one' | 'many' = 'many',
): Html {
  const isMany = customers === 'many'
  return table({
    label: 'Subscriptions, the newest first',
    head: ['Id', ...(isMany ? ['Customer'] : []), 'Status', 'Prices', 'Period ends'],
    empty: 'No subscriptions here. Make one with stripe.subscriptions.create() or through a Checkout session.',
    rows: subscriptions.map((subscription) => {
      const items = itemsOf(view, subscription)
      const end = items[0]?.current_period_end
      return [
        linkTo('subscriptions', subscription.id),
        ...(isMany ? [linkTo('customers', subscription.customer)] : []),
        status(subscription.status),
        items.map((item) => html`<p>${priceOf(item)}</p>`),
        end === undefined ? '–' : instant(end),
      ]
    }),
  })
}

function itemsOf({ transaction }: ConsoleView, { id }: Subscription): readonly Item[] {
  return transaction.by('subscription_items', 'subscription', id)
}

function priceOf({ price, quantity }: Item): string {
  const { unit_amount: amount, currency, recurring, nickname } = price
  const rate = amount === null ? (nickname ?? price.id) : money({ value: amount, currency })
  const times = quantity === undefined || quantity === 1 ? '' : `${quantity} × `
  return `${times}${rate}${recurring === null ? '' : ` ${per(recurring.interval, recurring.interval_count)}`}`
}

export function subscriptionDetail(view: ConsoleView, id: string): PageResponse | undefined {
  const { transaction } = view
  const subscription = transaction.get('subscriptions', id)
  if (subscription === undefined) return undefined
  const invoices = transaction.by('invoices', 'subscription', id).toReversed()
  const events = eventsAbout(transaction, subscription.customer, concerns(id))
  const body = html`<h1>Subscription ${code(id)} ${status(subscription.status)}</h1>
    <div class="split">
      <div class="stack">
        ${section('Timeline', timeline(events))}
        ${section('Invoices', invoiceTable(invoices, 'one'))}
      </div>
      ${section('Subscription', [subscriptionFacts(view, subscription), json(transaction.render('subscriptions', subscription))])}
    </div>`
  return consolePage(view, { title: id, section: 'subscriptions', body })
}

function subscriptionFacts(view: ConsoleView, subscription: Subscription): Html {
  const [first] = itemsOf(view, subscription)
  const at = (value: number | null): Html | null => (value === null ? null : instant(value))
  return facts([
    ['Customer', linkTo('customers', subscription.customer)],
    ['Items', itemsOf(view, subscription).map((item) => html`<p>${priceOf(item)}</p>`)],
    ['Period begins', first === undefined ? null : instant(first.current_period_start)],
    ['Period ends', first === undefined ? null : instant(first.current_period_end)],
    ['Trial ends', at(subscription.trial_end)],
    ['Cancels', subscription.cancel_at_period_end ? 'at the end of the period' : at(subscription.cancel_at)],
    ['Ended', at(subscription.ended_at)],
    ['Latest invoice', subscription.latest_invoice === null ? null : linkTo('invoices', subscription.latest_invoice)],
    ['Test clock', subscription.test_clock === null ? null : linkTo('clocks', subscription.test_clock)],
  ])
}
