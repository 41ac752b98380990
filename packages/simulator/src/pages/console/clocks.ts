import type { Records } from '../../core/records.js'
import { html, type Html } from '../html.js'
import type { PageResponse } from '../request.js'
import { consolePage } from './frame.js'
import { code, facts, instant, json, linkTo, older, section, status, table } from './parts.js'
import { subscriptionTable } from './subscriptions.js'
import { pageOf, type ConsoleView } from './view.js'

type Clock = Records['test_clocks']

export function clockList(view: ConsoleView): PageResponse {
  const { data, has_more: more } = pageOf(view, { table: 'test_clocks', kind: 'test clock' })
  const body = html`<h1>Clocks</h1>
    ${section(
      'The simulator’s clock',
      html`<p class="small">
        ${instant(view.now)} <span class="muted">It is above on every page; whoever is on no test clock lives by it.</span>
      </p>`,
    )}
    ${section('Test clocks', [
      table({
        label: 'Test clocks, the newest first',
        head: ['Id', 'Name', 'Time', 'Status', ''],
        empty: 'No test clocks yet. Make one with stripe.testHelpers.testClocks.create().',
        rows: data.map((clock) => [
          linkTo('clocks', clock.id),
          clock.name ?? '–',
          instant(clock.frozen_time),
          status(clock.status),
          steps(clock),
        ]),
      }),
      older('clocks', view.query, { last: data.at(-1)?.id, more }),
    ])}`
  return consolePage(view, { title: 'Clocks', section: 'clocks', body })
}

function steps({ id }: Clock): Html {
  const labels = { hour: '1 hour', day: '1 day', week: '1 week', month: '31 days' }
  return html`<form class="actions" method="post" action="/console/clocks/${id}/advance">
    ${Object.entries(labels).map(([step, label]) => html`<button name="step" value="${step}" data-busy="…" aria-label="Advance ${id} by ${label}">+${label}</button>`)}
  </form>`
}

export function clockDetail(view: ConsoleView, id: string): PageResponse | undefined {
  const { transaction } = view
  const clock = transaction.get('test_clocks', id)
  if (clock === undefined) return undefined
  const customers = transaction.by('customers', 'test_clock', id)
  const subscriptions = customers.flatMap((customer) => transaction.by('subscriptions', 'customer', customer.id))
  const body = html`<h1>Test clock ${code(id)} ${status(clock.status)}</h1>
    ${facts([
      ['Name', clock.name],
      ['Time', instant(clock.frozen_time)],
      ['Goes', instant(clock.deletes_after)],
      ['Customers', customers.map((customer) => html`<p>${linkTo('customers', customer.id)}</p>`)],
    ])}
    ${steps(clock)} ${section('Subscriptions', subscriptionTable(view, subscriptions))} ${json(clock)}`
  return consolePage(view, { title: id, section: 'clocks', body })
}
