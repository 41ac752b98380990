import type { Records } from '../../core/records.js'
import { html, type Html } from '../html.js'
import type { PageResponse } from '../request.js'
import { money } from '../words.js'
import { consolePage } from './frame.js'
import { choice, code, facts, filters, instant, json, linkTo, older, section, status, table } from './parts.js'
import { eventsAbout, timeline } from './timeline.js'
import { pageOf, type ConsoleView } from './view.js'

type Invoice = Records['invoices']

const STATUSES = ['draft', 'open', 'paid', 'uncollectible', 'void']

export function invoiceList(view: ConsoleView): PageResponse {
  const chosen = view.query.get('status') ?? ''
  const { data, has_more: more } = pageOf(view, { table: 'invoices', kind: 'invoice', index: 'status', key: chosen })
  const body = html`<h1>Invoices</h1>
    ${filters('invoices', choice({ name: 'status', label: 'Status', options: STATUSES, chosen }))}
    ${invoiceTable(data)} ${older('invoices', view.query, { last: data.at(-1)?.id, more })}`
  return consolePage(view, { title: 'Invoices', section: 'invoices', body })
}

/** Invoices, the customer's column left out where there is but one. */
export function invoiceTable(invoices: readonly Invoice[], customers: 'one' | 'many' = 'many'): Html {
  const isMany = customers === 'many'
  return table({
    label: 'Invoices, the newest first',
    head: ['Id', 'Number', ...(isMany ? ['Customer'] : []), 'Status', 'Total', 'Made'],
    empty: 'No invoices here. A subscription makes one for each of its periods.',
    rows: invoices.map(({ id, number, customer, status: state, total, currency, created }) => [
      linkTo('invoices', id),
      number ?? '–',
      ...(isMany ? [customer === null ? '–' : linkTo('customers', customer)] : []),
      status(state),
      html`<span class="number">${money({ value: total, currency })}</span>`,
      instant(created),
    ]),
  })
}

export function invoiceDetail(view: ConsoleView, id: string): PageResponse | undefined {
  const { transaction } = view
  const invoice = transaction.get('invoices', id)
  if (invoice === undefined) return undefined
  const events = eventsAbout(
    transaction,
    invoice.customer ?? '',
    ({ data }) => (data.object as { id?: unknown }).id === id,
  )
  const body = html`<h1>Invoice ${code(invoice.number ?? id)} ${status(invoice.status)}</h1>
    <div class="split">
      <div class="stack">
        ${section('Lines', lines(view, invoice))}
        ${section('Timeline', timeline(events))}
      </div>
      ${section('Invoice', [invoiceFacts(invoice), json(transaction.render('invoices', invoice))])}
    </div>`
  return consolePage(view, { title: id, section: 'invoices', body })
}

function lines({ transaction }: ConsoleView, { id }: Invoice): Html {
  return table({
    label: 'Lines of the invoice',
    head: ['What', 'From', 'To', 'Amount'],
    empty: 'The invoice has no lines.',
    rows: transaction
      .by('invoice_line_items', 'invoice', id)
      .map(({ description, period, amount, currency }) => [
        description ?? '–',
        instant(period.start),
        instant(period.end),
        html`<span class="number">${money({ value: amount, currency })}</span>`,
      ]),
  })
}

function invoiceFacts(invoice: Invoice): Html {
  const { currency } = invoice
  const amount = (value: number): string => money({ value, currency })
  const subscription = invoice.parent?.subscription_details?.subscription
  const next = invoice.next_payment_attempt
  const page = invoice.hosted_invoice_url
  return facts([
    ['Customer', invoice.customer === null ? null : linkTo('customers', invoice.customer)],
    ['Subscription', subscription === undefined ? null : linkTo('subscriptions', subscription)],
    ['Reason', invoice.billing_reason === null ? null : code(invoice.billing_reason)],
    ['Total', amount(invoice.total)],
    ['Paid', amount(invoice.amount_paid)],
    ['Remaining', amount(invoice.amount_remaining)],
    ['Attempts', String(invoice.attempt_count)],
    ['Next attempt', next === null ? null : instant(next)],
    ['Page', page == null ? null : html`<a href="${page}">as the customer sees it</a>`],
  ])
}
