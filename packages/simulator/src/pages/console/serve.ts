import { html } from '../html.js'
import { seeOther, type PageResponse } from '../request.js'
import { clockDetail, clockList } from './clocks.js'
import { customerDetail, customerList } from './customers.js'
import { eventDetail, eventList } from './events.js'
import { consolePage } from './frame.js'
import { invoiceDetail, invoiceList } from './invoices.js'
import { overview } from './overview.js'
import type { Section } from './parts.js'
import { requestDetail, requestList } from './requests.js'
import { subscriptionDetail, subscriptionList } from './subscriptions.js'
import type { ConsoleView } from './view.js'

interface Pages {
  readonly list: (view: ConsoleView) => PageResponse
  readonly detail: (view: ConsoleView, id: string) => PageResponse | undefined
}

const sections: Readonly<Record<Section, Pages>> = {
  customers: { list: customerList, detail: customerDetail },
  subscriptions: { list: subscriptionList, detail: subscriptionDetail },
  invoices: { list: invoiceList, detail: invoiceDetail },
  events: { list: eventList, detail: eventDetail },
  requests: { list: requestList, detail: requestDetail },
  clocks: { list: clockList, detail: clockDetail },
}

/** Where an id leads, by its prefix. */
const PREFIXES: Readonly<Record<string, Section>> = {
  cus: 'customers',
  sub: 'subscriptions',
  in: 'invoices',
  evt: 'events',
  req: 'requests',
  clock: 'clocks',
}

/** The developer's view of the simulator; `undefined` when the address is none of its. */
export function serveConsole(view: ConsoleView, path: string): PageResponse | undefined {
  if (path === '/') return overview(view)
  if (path === '/console/find') return find(view)
  const [, name, id] = /^\/console\/(\w+)(?:\/(\w+))?$/.exec(path) ?? []
  if (name === undefined || !Object.hasOwn(sections, name)) return undefined
  // Guaranteed by the line above.
  const pages = sections[name as Section]
  return id === undefined ? pages.list(view) : (pages.detail(view, id) ?? notThere(view, id))
}

function find(view: ConsoleView): PageResponse {
  const id = (view.query.get('id') ?? '').trim()
  const section = PREFIXES[id.slice(0, id.indexOf('_'))]
  return section === undefined || !/^\w+$/.test(id) ? notThere(view, id) : seeOther(`/console/${section}/${id}`)
}

function notThere(view: ConsoleView, id: string): PageResponse {
  const body = html`<h1>Nothing by that id</h1>
    <p>
      There is no ${id === '' ? 'object without an id' : html`<code>${id}</code>`} here. It may be of another account, or
      the world was put back to a time before it. Ids that can be opened begin with cus_, sub_, in_, evt_, req_ or clock_.
    </p>`
  return consolePage(view, { title: 'Nothing by that id', section: '', body, status: 404 })
}
