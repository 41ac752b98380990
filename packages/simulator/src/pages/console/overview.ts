import type { TableName } from '../../core/records.js'
import { html, type Html } from '../html.js'
import type { PageResponse } from '../request.js'
import { eventTable } from './events.js'
import { consolePage } from './frame.js'
import { code, instant, pill, section, table } from './parts.js'
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
      ${TILES.map(([what, label, href]) => html`<a href="${href}"><span class="muted">${label}</span><strong>${count(what)}</strong></a>`)}
    </div>
    ${faults(view)} ${section('Latest events', eventTable(view, events))}
    ${section('Latest requests', requestTable(view.requests(LATEST)))}`
  return consolePage(view, { title: 'Overview', section: '', body })
}

/** What should have happened by itself and failed: seldom anything, and then the first thing to look at. */
function faults({ transaction }: ConsoleView): Html | null {
  const failed = transaction.all('timer_faults').toReversed().slice(0, LATEST)
  if (failed.length === 0) return null
  const rows = failed.map(({ at, kind, subject, status, error, failures }) => [
    instant(at),
    code(kind),
    code(subject),
    html`${pill(status, status === 'overcome' ? 'grey' : 'red')} <span class="small muted">${failures} failed</span>`,
    html`<details><summary>${error.split('\n')[0]}</summary><pre>${error}</pre></details>`,
  ])
  const head = ['Time', 'What', 'About', 'Status', 'Why']
  return section('Failed by itself', table({ label: 'What failed by itself, the newest first', head, rows, empty: '' }))
}
