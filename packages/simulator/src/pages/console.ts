import type { DeliveryRecord } from '../core/edge-records.js'
import type { EventRecord } from '../core/private-records.js'
import type { Records } from '../core/records.js'
import type { UnixSeconds } from '../core/unix-seconds.js'
import type { LoggedRequest } from '../http/request-log.js'
import { html, type Html, type HtmlValue } from './html.js'
import { footer, page } from './layout.js'
import type { PageResponse } from './request.js'

/** How far a button of the console lets time pass. */
export type ConsoleStep = 'hour' | 'day' | 'week' | 'month' | 'next_billing_event'

/** What the console shows, read from the world before it is drawn. */
export interface ConsoleData {
  readonly now: UnixSeconds
  readonly isFrozen: boolean
  readonly nextBillingEventAt: UnixSeconds | null
  readonly deliveryMode: 'immediate' | 'manual'
  readonly customers: readonly Records['customers'][]
  readonly subscriptions: readonly {
    readonly subscription: Records['subscriptions']
    readonly periodEnd: UnixSeconds | null
  }[]
  readonly events: readonly { readonly event: EventRecord; readonly deliveries: readonly DeliveryRecord[] }[]
  readonly requests: readonly LoggedRequest[]
}

/** The developer's view of the simulator: its clock, and what is and was going on. Code words are what they need here. */
export function consolePage(data: ConsoleData): PageResponse {
  const body = html`<main class="single">
      <div class="tight">
        <h1>Stripe, simulated</h1>
        <p class="muted small">
          What the simulator holds, the newest first. Point the SDK at this address with any key that begins with
          sk_test_.
        </p>
      </div>
      ${clock(data)} ${customers(data)} ${subscriptions(data)} ${events(data)} ${requests(data)}
    </main>
    ${footer()}`
  return page({ title: 'Simulator console', body })
}

function clock({ now, isFrozen, nextBillingEventAt: next }: ConsoleData): Html {
  const steps: readonly (readonly [ConsoleStep, string])[] = [
    ['hour', '1 hour'],
    ['day', '1 day'],
    ['week', '1 week'],
    ['month', '31 days'],
  ]
  return html`<section class="block" aria-labelledby="clock">
    <h2 id="clock">Clock</h2>
    <div class="box">
      <div class="row">
        <p class="number">${instant(now)}</p>
        <p class="small muted">${isFrozen ? 'Stands still until it is moved' : 'Runs on from here'}</p>
      </div>
      <form method="post" action="/console/advance" class="actions">
        ${steps.map(([step, label]) => html`<button name="step" value="${step}" data-busy="Travelling">Advance ${label}</button>`)}
        ${next !== null && html`<button class="primary" name="step" value="next_billing_event" data-busy="Travelling">Advance to the next billing event</button><span class="small muted number">${instant(next)}</span>`}
      </form>
    </div>
  </section>`
}

function customers({ customers: rows }: ConsoleData): Html {
  return table({
    id: 'customers',
    title: 'Customers',
    head: ['Id', 'E-mail', 'Name'],
    empty: 'No customers yet. Make one with stripe.customers.create().',
    rows: rows.map(({ id, email, name }) => [code(id), email ?? '–', name ?? '–']),
  })
}

function subscriptions({ subscriptions: rows }: ConsoleData): Html {
  return table({
    id: 'subscriptions',
    title: 'Subscriptions',
    head: ['Id', 'Customer', 'Status', 'Period ends'],
    empty: 'No subscriptions yet. Make one through a checkout session.',
    rows: rows.map(({ subscription: { id, customer, status }, periodEnd }) => [
      code(id),
      code(customer),
      pill(status, SUBSCRIPTION_COLOURS[status] ?? 'grey'),
      periodEnd === null ? '–' : instant(periodEnd),
    ]),
  })
}

const SUBSCRIPTION_COLOURS: Readonly<Record<string, Colour>> = {
  active: 'green',
  trialing: 'blue',
  past_due: 'amber',
  incomplete: 'amber',
  unpaid: 'red',
  canceled: 'red',
}

function events({ events: rows, deliveryMode }: ConsoleData): Html {
  const isWaiting = rows.some(({ deliveries }) => deliveries.some(({ status }) => status === 'pending'))
  return html`<div class="block">
    ${table({
      id: 'events',
      title: 'Events',
      head: ['Time', 'Type', 'Deliveries', ''],
      empty: 'No events yet. Everything that changes here leaves one.',
      rows: rows.map(({ event, deliveries }) => [
        instant(event.created),
        code(event.type),
        deliveries.length === 0 ? '–' : deliveries.map(attempts),
        deliveries.length > 0 && resendForm(event),
      ]),
    })}
    ${isWaiting && html`<form method="post" action="/console/drain"><button data-busy="Sending">Send what is due${deliveryMode === 'manual' && ' (deliveries are manual)'}</button></form>`}
  </div>`
}

const DELIVERY_COLOURS: Readonly<Record<DeliveryRecord['status'], Colour>> = {
  pending: 'amber',
  succeeded: 'green',
  failed: 'red',
  dropped: 'red',
  canceled: 'grey',
}

function attempts({ status, attempts: made, url }: DeliveryRecord): Html {
  const answers = made.map((attempt) => attempt.status ?? 'no answer').join(', ')
  return html`<p>
    ${pill(status, DELIVERY_COLOURS[status])} <span class="small muted">${url}${answers !== '' && `: ${answers}`}</span>
  </p>`
}

function resendForm({ id, type }: EventRecord): Html {
  return html`<form method="post" action="/console/resend">
    <input type="hidden" name="event" value="${id}" /><button class="plain" data-busy="Sending">
      Send again<span class="hidden"> ${type} ${id}</span>
    </button>
  </form>`
}

function requests({ requests: rows }: ConsoleData): Html {
  return table({
    id: 'requests',
    title: 'Requests',
    head: ['Time', 'Request', 'Status'],
    empty: 'No requests yet.',
    rows: rows.map(({ id, at, method, path, status, error, isReplayed }) => [
      instant(at),
      html`<code id="${id}">${method} ${path}</code>`,
      html`${pill(String(status), status < 400 ? 'green' : 'red')}
        <span class="small muted">${error}${isReplayed && 'replayed'}</span>`,
    ]),
  })
}

type Colour = 'green' | 'amber' | 'red' | 'blue' | 'grey'

interface TableParts {
  readonly id: string
  readonly title: string
  readonly head: readonly string[]
  readonly empty: string
  readonly rows: readonly (readonly HtmlValue[])[]
}

function table({ id, title, head, empty, rows }: TableParts): Html {
  const heading = html`<h2 id="${id}">${title}</h2>`
  if (rows.length === 0)
    return html`<section class="block" aria-labelledby="${id}">
      ${heading}
      <p class="muted small">${empty}</p>
    </section>`
  return html`<section class="block" aria-labelledby="${id}">
    ${heading}
    <div class="scroll" tabindex="0" role="region" aria-label="${title}, the newest first">
      <table>
        <thead>
          <tr>
            ${head.map((text) => (text === '' ? html`<td></td>` : html`<th scope="col">${text}</th>`))}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                ${row.map((cell) => html`<td>${cell}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`
}

function pill(word: string, colour: Colour): Html {
  return html`<span class="pill ${colour}">${word}</span>`
}

function code(text: string): Html {
  return html`<code>${text}</code>`
}

function instant(at: UnixSeconds): Html {
  const iso = new Date(at * 1000).toISOString()
  return html`<time class="number" datetime="${iso}">${iso.slice(0, 16).replace('T', ' ')} UTC</time>`
}
