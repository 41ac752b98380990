import { html, type Html, type HtmlValue } from '../html.js'
import { addressLine } from '../address-line.js'
import { TAX_ID_TYPES } from '../tax-ids.js'
import { formToken, type PortalContext } from './frame.js'

/** What invoices say of the customer. */
export function detailsSection(context: PortalContext): Html {
  const { base, view } = context
  const { address, email, name, phone, shipping } = view.customer
  const { allowed_updates: allowed, enabled } = view.features.customer_update
  const canUpdate = enabled && allowed.some((update) => update !== 'tax_id')
  const lines = [email ?? 'No e-mail address', phone, addressLine(address)]
  return html`<section class="block" aria-labelledby="details-title">
    <h2 id="details-title">Billing details</h2>
    <div class="box">
      <div class="row">
        <div class="tight">
          ${name !== null && html`<span>${name}</span>`}
          ${lines.map((line) => line !== null && line !== '' && html`<span class="${name === null && line === email ? '' : 'muted small'}">${line}</span>`)}
        </div>
        ${canUpdate && html`<a class="button" href="${base}/details">Edit details</a>`}
      </div>
      ${
        shipping !== null &&
        html`<div class="tight">
          <span class="label">Sent to</span
          ><span class="muted small">${[shipping.name, addressLine(shipping.address ?? null)].filter(Boolean).join(', ')}</span>
        </div>`
      }
      ${taxIds(context, enabled && allowed.includes('tax_id'))}
    </div>
  </section>`
}

function taxIds({ base, view }: PortalContext, canUpdate: boolean): HtmlValue {
  const { taxIds: ids } = view.customer
  if (ids.length === 0 && !canUpdate) return null
  return html`<div class="block">
    ${ids.map(
      ({ id, type, value }) =>
        html`<div class="row">
          <span>${value} <span class="muted small">${labelOf(type)}</span></span>
          ${
            canUpdate &&
            html`<form method="post" action="${base}/tax-ids/remove">
              ${formToken(view)}<input type="hidden" name="tax_id" value="${id}" /><button class="plain" type="submit">
                Remove<span class="hidden"> ${value}</span>
              </button>
            </form>`
          }
        </div>`,
    )}
    ${canUpdate && html`<div><a class="button" href="${base}/tax-ids/new">Add tax ID</a></div>`}
  </div>`
}

function labelOf(type: string): string {
  return TAX_ID_TYPES.find((known) => known.type === type)?.label ?? 'Tax ID'
}
