import type { EventRecord } from '../../core/private-records.js'
import type { Transaction } from '../../core/transaction.js'
import { html, type Html } from '../html.js'
import { code, instant, json, linkTo } from './parts.js'

/** How many events a timeline goes back. */
const LONGEST = 200

/** What happened to a customer, the latest first, as far as it concerns what is looked at. */
export function eventsAbout(
  transaction: Transaction,
  customer: string,
  isWanted: (event: EventRecord) => boolean = () => true,
): readonly EventRecord[] {
  return transaction.page(
    'events',
    { limit: LONGEST },
    { kind: 'event', index: 'customer', key: customer, where: isWanted },
  ).data
}

/** Whether an event is about a subscription, or about something that was made for it. */
export function concerns(subscription: string): (event: EventRecord) => boolean {
  return ({ data }) => {
    const {
      id,
      parent,
      subscription: of,
    } = data.object as {
      readonly id?: unknown
      readonly subscription?: unknown
      readonly parent?: { readonly subscription_details?: { readonly subscription?: unknown } | null } | null
    }
    return id === subscription || of === subscription || parent?.subscription_details?.subscription === subscription
  }
}

/** Events one under the other: what, when, and because of what. */
export function timeline(events: readonly EventRecord[]): Html {
  if (events.length === 0) return html`<p class="muted small">Nothing has happened yet.</p>`
  return html`<ol class="timeline">${events.map(
    (event) => html`<li>
      <p>${linkTo('events', event.id, code(event.type))} <span class="muted">${what(event)}</span></p>
      <p class="muted">${instant(event.created)} · ${cause(event)}</p>
      ${event.data.previous_attributes !== undefined && json(event.data.previous_attributes, 'What it was before')}
    </li>`,
  )}</ol>`
}

function what({ data }: EventRecord): Html {
  const { id, status } = data.object as { readonly id?: unknown; readonly status?: unknown }
  return html`${typeof id === 'string' && code(id)} ${typeof status === 'string' && status}`
}

/** The request that caused an event; what time brings, or a customer at a page, no request has caused. */
export function cause({ request }: EventRecord): Html {
  const id = request?.id ?? null
  return id === null ? html`by the simulator itself` : html`by ${linkTo('requests', id)}`
}
