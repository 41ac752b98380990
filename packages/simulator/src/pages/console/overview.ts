import type { TableName } from '../../core/records.js'
import { html } from '../html.js'
import type { PageResponse } from '../request.js'
import { eventTable } from './events.js'
import { consolePage } from './frame.js'
import { section } from './parts.js'
import { requestTable } from './requests.js'
import type { ConsoleView } from './view.js'

const LATEST = 10

const TILES: readonly (readonly [TableName, string, string])[] = [
  ['customers', 'Customers', '/console/customers'],
  ['subscriptions', 'Subscriptions', '/console/subscriptions'],
  ['invoices', 'Invoices', '/console/invoices'],
  ['events', 'Events', '/console/events'],
]

/** The first page: what there is, and what happened last. */
export function overview(view: ConsoleView): PageResponse {
  const { transaction, count } = view
  const events = transaction.page('events', { limit: LATEST }, { kind: 'event' }).data
  const body = html`<div class="tight">
      <h1>Overview</h1>
      <p class="muted small">Point the SDK at this address with any key that begins with sk_test_.</p>
    </div>
    <div class="tiles">
      ${TILES.map(([table, label, href]) => html`<a href="${href}"><span class="muted">${label}</span><strong>${count(table)}</strong></a>`)}
    </div>
    ${section('Latest events', eventTable(view, events))}
    ${section('Latest requests', requestTable(view.requests(LATEST)))}`
  return consolePage(view, { title: 'Overview', section: '', body })
}
