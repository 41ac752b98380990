import { html, type Html, type HtmlValue } from '../html.js'
import { footer, page } from '../layout.js'
import type { PageResponse } from '../request.js'
import { instant, type Section } from './parts.js'
import { CONSOLE_STYLES } from './styles.js'
import type { ConsoleView } from './view.js'

/** How far a button lets time pass. */
export type ConsoleStep = 'hour' | 'day' | 'week' | 'month' | 'next_billing_event'

const SECTIONS: readonly (readonly [Section | '', string])[] = [
  ['', 'Overview'],
  ['customers', 'Customers'],
  ['subscriptions', 'Subscriptions'],
  ['invoices', 'Invoices'],
  ['events', 'Events'],
  ['requests', 'Requests'],
  ['clocks', 'Clocks'],
]

export interface ConsolePage {
  readonly title: string
  readonly section: Section | ''
  readonly body: HtmlValue
  readonly status?: number
}

/** A page of the console: where one can go, what time it is, and what was asked for. */
export function consolePage(view: ConsoleView, { title, section, body, status = 200 }: ConsolePage): PageResponse {
  const framed = html`<div class="console">
      <header class="bar">
        <a class="brand" href="/">Stripe, simulated</a>
        ${clock(view)} ${find()}
      </header>
      <nav class="rail" aria-label="Console">
        <ul>
          ${SECTIONS.map(([name, label]) => railLink({ name, label, isHere: name === section }))}
        </ul>
      </nav>
      <main>${body}</main>
    </div>
    ${footer()}`
  return page({ title: `${title} – simulator console`, body: framed, status, styles: CONSOLE_STYLES })
}

function railLink({ name, label, isHere }: { name: string; label: string; isHere: boolean }): Html {
  const href = name === '' ? '/' : `/console/${name}`
  return isHere
    ? html`<li><a href="${href}" aria-current="page">${label}</a></li>`
    : html`<li><a href="${href}">${label}</a></li>`
}

const STEPS: readonly (readonly [ConsoleStep, string])[] = [
  ['hour', '1 hour'],
  ['day', '1 day'],
  ['week', '1 week'],
  ['month', '31 days'],
]

function clock({ now, isFrozen, nextBillingEventAt: next, here }: ConsoleView): Html {
  return html`<div class="now">
    <p>${instant(now)} <span class="muted">${isFrozen ? 'stands still' : 'runs'}</span></p>
    <form method="post" action="/console/advance" aria-label="Let time pass">
      <input type="hidden" name="back" value="${here}" />
      ${STEPS.map(([step, label]) => html`<button name="step" value="${step}" data-busy="…" aria-label="Advance ${label}">+${label}</button>`)}
      ${next !== null && html`<button name="step" value="next_billing_event" data-busy="…" aria-label="Advance to the next billing event" title="Next billing event: ${new Date(next * 1000).toISOString()}">Next billing event</button>`}
    </form>
  </div>`
}

function find(): Html {
  return html`<form method="get" action="/console/find" role="search">
    <label class="hidden" for="find">Open by id</label>
    <input id="find" name="id" placeholder="cus_… sub_… in_… evt_… req_…" autocomplete="off" spellcheck="false" />
    <button>Open</button>
  </form>`
}
