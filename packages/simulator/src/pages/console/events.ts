import type { DeliveryRecord } from '../../core/edge-records.js'
import type { EventRecord } from '../../core/private-records.js'
import { html, type Html } from '../html.js'
import type { PageResponse } from '../request.js'
import { consolePage } from './frame.js'
import { code, facts, filters, instant, json, older, linkTo, section, status, table } from './parts.js'
import { cause } from './timeline.js'
import { pageOf, type ConsoleView } from './view.js'

export function eventList(view: ConsoleView): PageResponse {
  const type = view.query.get('type') ?? ''
  const { data, has_more: more } = pageOf(view, { table: 'events', kind: 'event', index: 'type', key: type })
  const body = html`<h1>Events</h1>
    ${filters('events', html`<div class="field"><label for="type">Type</label><input id="type" name="type" value="${type}" placeholder="invoice.paid" autocomplete="off" spellcheck="false" /></div>`)}
    ${eventTable(view, data)} ${older('events', view.query, { last: data.at(-1)?.id, more })} ${drainForm(view)}`
  return consolePage(view, { title: 'Events', section: 'events', body })
}

export function eventTable({ transaction }: ConsoleView, events: readonly EventRecord[]): Html {
  return table({
    label: 'Events, the newest first',
    head: ['Time', 'Type', 'Event', 'Deliveries'],
    empty: 'No events here. Everything that changes leaves one.',
    rows: events.map(({ id, created, type }) => {
      const deliveries = transaction.by('deliveries', 'event', id)
      return [
        instant(created),
        code(type),
        linkTo('events', id),
        deliveries.length === 0 ? '–' : deliveries.map((delivery) => html`${status(delivery.status)} `),
      ]
    }),
  })
}

function drainForm({ isAnyDue, deliveryMode }: ConsoleView): Html {
  if (!isAnyDue) return html``
  const manual = deliveryMode === 'manual' && ' (deliveries are manual)'
  return html`<form method="post" action="/console/drain"><button data-busy="Sending">Send what is due${manual}</button></form>`
}

export function eventDetail(view: ConsoleView, id: string): PageResponse | undefined {
  const { transaction } = view
  const event = transaction.get('events', id)
  if (event === undefined) return undefined
  const deliveries = transaction.by('deliveries', 'event', id)
  const shown = transaction.render('events', event)
  const body = html`<h1>${code(event.type)} ${code(id)}</h1>
    <div class="split">
      <div class="stack">
        ${section('Deliveries', [deliveryTable(deliveries), resendForm(event)])}
        ${section('Payload', html`<pre tabindex="0" role="region" aria-label="Payload as JSON">${JSON.stringify(shown, null, 2)}</pre>`)}
      </div>
      ${section('Event', [
        facts([
          ['Happened', instant(event.created)],
          ['Cause', cause(event)],
          ['Version', code(event.api_version)],
          ['Endpoints still to reach', String(event.pending_webhooks)],
        ]),
        event.data.previous_attributes !== undefined && json(event.data.previous_attributes, 'What it was before'),
      ])}
    </div>`
  return consolePage(view, { title: event.type, section: 'events', body })
}

function deliveryTable(deliveries: readonly DeliveryRecord[]): Html {
  return table({
    label: 'Deliveries to endpoints',
    head: ['Endpoint', 'Status', 'Attempts', 'Next attempt'],
    empty: 'No endpoint wants this event. Start with --webhook URL, or make one with stripe.webhookEndpoints.create().',
    rows: deliveries.map(({ url, status: state, attempts, nextAttemptAt: next }) => [
      code(url),
      status(state),
      attempts.length === 0
        ? 'none yet'
        : attempts.map(
            ({ at, status: answer, response }) =>
              html`<p>${instant(at)} ${answer ?? 'no answer'} <span class="muted">${response.slice(0, 120)}</span></p>`,
          ),
      next === null ? '–' : instant(next),
    ]),
  })
}

function resendForm({ id, type }: EventRecord): Html {
  return html`<form method="post" action="/console/resend">
    <input type="hidden" name="event" value="${id}" /><button data-busy="Sending">
      Send again<span class="hidden"> ${type} ${id}</span>
    </button>
  </form>`
}
