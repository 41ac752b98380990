import type { Records } from '../../core/records.js'
import { html, type Html } from '../html.js'
import type { PageResponse } from '../request.js'
import { money } from '../words.js'
import { consolePage } from './frame.js'
import { invoiceTable } from './invoices.js'
import { code, facts, filters, instant, json, linkTo, older, section, table } from './parts.js'
import { subscriptionTable } from './subscriptions.js'
import { eventsAbout, timeline } from './timeline.js'
import { pageOf, type ConsoleView } from './view.js'

export function customerList(view: ConsoleView): PageResponse {
  const email = view.query.get('email') ?? ''
  const { data, has_more: more } = pageOf(view, { table: 'customers', kind: 'customer', index: 'email', key: email })
  const body = html`<h1>Customers</h1>
    ${filters('customers', html`<div class="field"><label for="email">E-mail</label><input id="email" name="email" value="${email}" autocomplete="off" /></div>`)}
    ${table({
      label: 'Customers, the newest first',
      head: ['Id', 'E-mail', 'Name', 'Made'],
      empty:
        email === '' ? 'No customers yet. Make one with stripe.customers.create().' : `Nobody has the e-mail ${email}.`,
      rows: data.map(({ id, email: address, name, created }) => [
        linkTo('customers', id),
        address ?? '–',
        name ?? '–',
        instant(created),
      ]),
    })}
    ${older('customers', view.query, { last: data.at(-1)?.id, more })}`
  return consolePage(view, { title: 'Customers', section: 'customers', body })
}

export function customerDetail(view: ConsoleView, id: string): PageResponse | undefined {
  const { transaction } = view
  const customer = transaction.get('customers', id)
  if (customer === undefined) return undefined
  const subscriptions = transaction.by('subscriptions', 'customer', id).toReversed()
  const invoices = transaction.by('invoices', 'customer', id).toReversed()
  const body = html`<h1>${customer.name ?? customer.email ?? 'Customer'} ${code(id)}</h1>
    <div class="split">
      <div class="stack">
        ${section('Subscriptions', subscriptionTable(view, subscriptions, 'one'))}
        ${section('Invoices', invoiceTable(invoices, 'one'))}
        ${section('Timeline', timeline(eventsAbout(transaction, id)))}
      </div>
      ${section('Customer', [customerFacts(customer), json(customer)])}
    </div>`
  return consolePage(view, { title: id, section: 'customers', body })
}

function customerFacts(customer: Records['customers']): Html {
  const { email, name, created, balance, currency, test_clock: clock, invoice_settings: settings } = customer
  const method = settings.default_payment_method
  return facts([
    ['E-mail', email],
    ['Name', name],
    ['Made', instant(created)],
    ['Balance', money({ value: balance, currency: currency ?? 'usd' })],
    ['Default payment method', method === null ? null : code(method)],
    ['Test clock', clock == null ? null : linkTo('clocks', clock)],
  ])
}
