import type { UnixSeconds } from '../../core/unix-seconds.js'
import { html, type Html, type HtmlValue } from '../html.js'

export type Colour = 'green' | 'amber' | 'red' | 'blue' | 'grey'

/** The colour only repeats the word. */
export function pill(word: string, colour: Colour): Html {
  return html`<span class="pill ${colour}">${word}</span>`
}

const STATUS_COLOURS: Readonly<Record<string, Colour>> = {
  active: 'green',
  advancing: 'blue',
  canceled: 'grey',
  draft: 'grey',
  dropped: 'red',
  enabled: 'green',
  disabled: 'grey',
  failed: 'red',
  incomplete: 'amber',
  incomplete_expired: 'grey',
  open: 'amber',
  paid: 'green',
  past_due: 'amber',
  paused: 'grey',
  pending: 'amber',
  ready: 'green',
  succeeded: 'green',
  trialing: 'blue',
  uncollectible: 'red',
  unpaid: 'red',
  void: 'grey',
}

/** A status by the word that the API has for it: that is what a developer looks for. */
export function status(word: string | null): Html {
  return pill(word ?? 'draft', STATUS_COLOURS[word ?? 'draft'] ?? 'grey')
}

export function code(text: string): Html {
  return html`<code>${text}</code>`
}

export function instant(at: UnixSeconds): Html {
  const iso = new Date(at * 1000).toISOString()
  return html`<time class="number" datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`
}

/** A link to the page of an object, by its id. */
export function linkTo(where: Section, id: string, label: HtmlValue = code(id)): Html {
  return html`<a href="/console/${where}/${id}">${label}</a>`
}

export type Section = 'customers' | 'subscriptions' | 'invoices' | 'events' | 'requests' | 'clocks'

export function json(value: unknown, label = 'JSON'): Html {
  return html`<details><summary>${label}</summary><pre tabindex="0" role="region" aria-label="${label}">${JSON.stringify(value, null, 2)}</pre></details>`
}

/** Names and values, one under the other. */
export function facts(rows: readonly (readonly [string, HtmlValue])[]): Html {
  return html`<dl class="facts">${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value ?? '–'}</dd>`)}</dl>`
}

export interface TableParts {
  readonly label: string
  readonly head: readonly string[]
  readonly empty: string
  readonly rows: readonly (readonly HtmlValue[])[]
}

export function table({ label, head, empty, rows }: TableParts): Html {
  if (rows.length === 0) return html`<p class="muted small">${empty}</p>`
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">
    <table>
      <thead><tr>${head.map(heading)}</tr></thead>
      <tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody>
    </table>
  </div>`
}

function heading(text: string): Html {
  return text === '' ? html`<td></td>` : html`<th scope="col">${text}</th>`
}

/** A part of a page under its heading. */
export function section(title: string, content: HtmlValue): Html {
  const id = title.toLowerCase().replaceAll(' ', '-')
  return html`<section class="block" aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${content}</section>`
}

/** A choice that goes into the address, so that what one looks at can be linked to. */
export function choice(parts: {
  readonly name: string
  readonly label: string
  readonly options: readonly string[]
  readonly chosen: string
}): Html {
  const { name, label, options, chosen } = parts
  const option = (value: string): Html =>
    value === chosen
      ? html`<option value="${value}" selected>${value}</option>`
      : html`<option value="${value}">${value}</option>`
  return html`<div class="field"><label for="${name}">${label}</label><select id="${name}" name="${name}"><option value="">all</option>${options.map(option)}</select></div>`
}

export function filters(where: Section, fields: HtmlValue): Html {
  return html`<form class="filters" method="get" action="/console/${where}">${fields}<button>Show</button></form>`
}

/** The way to what is older, where there is more. */
export function older(where: Section, query: URLSearchParams, page: { last: string | undefined; more: boolean }): Html {
  if (!page.more || page.last === undefined) return html``
  const next = new URLSearchParams(query)
  next.set('after', page.last)
  return html`<p><a class="button" href="/console/${where}?${next.toString()}">Older</a></p>`
}
