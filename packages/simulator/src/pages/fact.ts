import { html, type Html } from './html.js'

/** One row of a list of facts: a name and what it is. */
export function fact(name: string, value: string | Html): Html {
  return html`<div class="row">
    <dt class="muted">${name}</dt>
    <dd class="end">${value}</dd>
  </div>`
}
