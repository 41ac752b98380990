import type { CheckoutView } from '../../core/checkout-sessions/view.js'
import { html, type Html, type HtmlValue } from '../html.js'

/** What became of the promotion code that was typed. */
export interface CodeState {
  readonly typed: string
  readonly fault: 'unknown' | 'unfit' | null
}

export const noCode: CodeState = { typed: '', fault: null }

/** A promotion code can be typed, or taken away again. */
export function codeBox(discounts: CheckoutView['discounts'], { typed, fault }: CodeState): Html {
  const applied = discounts.find(({ code }) => code !== null)
  if (applied !== undefined) {
    return html`<div class="row">
      <p><span class="pill green">Code applied</span> <strong>${applied.name}</strong></p>
      <button class="plain" type="submit" name="remove_code" value="yes">
        Remove<span class="hidden"> the code ${applied.name}</span>
      </button>
    </div>`
  }
  const isWrong = fault !== null
  return html`<div class="field">
    <label for="promotion-code">Promotion code</label>
    <div class="actions">
      <input
        class="code"
        id="promotion-code"
        name="promotion_code"
        value="${isWrong ? typed : ''}"
        autocomplete="off"
        maxlength="100"
        ${isWrong && html` aria-invalid="true" aria-describedby="promotion-code-error" autofocus`}
      />
      <button type="submit" data-busy="One moment …">Apply</button>
    </div>
    ${isWrong && html`<p class="error" id="promotion-code-error" role="alert">${faultText(typed, fault)}</p>`}
  </div>`
}

function faultText(typed: string, fault: 'unknown' | 'unfit'): HtmlValue {
  return fault === 'unknown'
    ? `The code “${typed}” is not known or has expired. Your total stays as it is.`
    : `The code “${typed}” cannot be used for this order. Your total stays as it is.`
}
