import type { LoggedRequest } from '../../http/request-log.js'
import { html, type Html } from '../html.js'
import type { PageResponse } from '../request.js'
import { consolePage } from './frame.js'
import { choice, code, facts, filters, instant, linkTo, pill, section, table } from './parts.js'
import { SHOWN, type ConsoleView } from './view.js'

const OUTCOMES: Readonly<Record<string, (request: LoggedRequest) => boolean>> = {
  succeeded: ({ status }) => status < 400,
  refused: ({ status }) => status >= 400,
}

export function requestList(view: ConsoleView): PageResponse {
  const chosen = view.query.get('outcome') ?? ''
  const wanted = Object.hasOwn(OUTCOMES, chosen) ? OUTCOMES[chosen] : undefined
  const requests = view.requests().filter((request) => wanted?.(request) ?? true)
  const body = html`<h1>Requests</h1>
    ${filters('requests', choice({ name: 'outcome', label: 'Outcome', options: Object.keys(OUTCOMES), chosen }))}
    ${requestTable(requests.slice(0, 4 * SHOWN))}
    <p class="muted small">The log keeps the latest requests to the API since the simulator started.</p>`
  return consolePage(view, { title: 'Requests', section: 'requests', body })
}

export function requestTable(requests: readonly LoggedRequest[]): Html {
  return table({
    label: 'Requests, the newest first',
    head: ['Time', 'Request', 'Status', 'Id'],
    empty: 'No requests here. Each one to the API is listed.',
    rows: requests.map(({ id, at, method, path, status, error, isReplayed }) => [
      instant(at),
      code(`${method} ${path}`),
      html`${outcome(status)} <span class="small muted">${error}${isReplayed && 'replayed'}</span>`,
      linkTo('requests', id),
    ]),
  })
}

function outcome(status: number): Html {
  return pill(String(status), status < 400 ? 'green' : 'red')
}

export function requestDetail(view: ConsoleView, id: string): PageResponse | undefined {
  const request = view.request(id)
  if (request === undefined) return undefined
  const { at, method, path, status, account, idempotencyKey, isReplayed, error, message, param, params } = request
  const body = html`<h1>${code(`${method} ${path}`)} ${outcome(status)}</h1>
    ${section(
      'Request',
      facts([
        ['Id', code(id)],
        ['Time', instant(at)],
        ['Account', account === null ? null : code(account)],
        ['Idempotency key', idempotencyKey === null ? null : code(idempotencyKey)],
        ['Replayed', isReplayed ? 'the answer is that of an earlier request with this key' : 'no'],
        ['Error', error === null ? null : code(error)],
        ['Why', message],
        ['Parameter', param === null ? null : code(param)],
      ]),
    )}
    ${section('Parameters', html`<pre tabindex="0" role="region" aria-label="Parameters as JSON">${JSON.stringify(params, null, 2)}</pre>`)}`
  return consolePage(view, { title: id, section: 'requests', body })
}
