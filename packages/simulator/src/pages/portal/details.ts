import { addressFields } from '../address-form.js'
import { field, formError, select, type FieldErrors, type Typed } from '../fields.js'
import { html, type Html, type HtmlValue } from '../html.js'
import type { PageResponse } from '../request.js'
import { TAX_ID_TYPES } from '../tax-ids.js'
import { afterFlow } from './cards.js'
import { formToken, portalPage, type PortalContext } from './frame.js'

export function detailsPage(context: PortalContext, typed: Typed, errors: FieldErrors): PageResponse {
  const { base, view } = context
  const { allowed_updates: allowed } = view.features.customer_update
  const state = { typed, errors }
  const body = html`<p class="muted">
      They are on your next invoices. Invoices that are there already stay as they are.
    </p>
    <form class="fields" method="post" action="${base}/details" novalidate>
      ${formToken(view)}
      ${allowed.includes('name') && field({ ...state, name: 'name', label: 'Name', attributes: html`autocomplete="name" maxlength="100"` })}
      ${allowed.includes('email') && field({ ...state, name: 'email', label: 'E-mail', attributes: html`type="email" autocomplete="email" maxlength="200"` })}
      ${allowed.includes('phone') && field({ ...state, name: 'phone', label: 'Phone', attributes: html`type="tel" autocomplete="tel" maxlength="40"`, isOptional: true })}
      ${allowed.includes('address') && group('Billing address', addressFields('', state))}
      ${
        allowed.includes('shipping') &&
        group(
          'Shipping address, where something is sent to you',
          html`${field({ ...state, name: 'shipping_name', label: 'Full name', attributes: html`autocomplete="shipping name" maxlength="100"` })}
          ${addressFields('shipping_', state)}`,
        )
      }
      ${formError(errors)}
      <button class="primary wide" type="submit" data-busy="One moment …">Save details</button>
    </form>`
  const status = Object.keys(errors).length > 0 ? 422 : 200
  return portalPage(context, { title: 'Billing details', body, status, formTargets: afterFlow(context) })
}

function group(name: string, fields: HtmlValue): Html {
  return html`<fieldset class="fields">
    <legend>${name}</legend>
    ${fields}
  </fieldset>`
}

export function taxIdPage(context: PortalContext, typed: Typed, errors: FieldErrors): PageResponse {
  const { base, view } = context
  const options = TAX_ID_TYPES.map(({ type, label, example }) => ({
    value: type,
    label: `${label}, such as ${example}`,
  }))
  const chosen = typed.tax_id_type ?? 'eu_vat'
  const body = html`<p class="muted">It is on your next invoices.</p>
    <form class="fields" method="post" action="${base}/tax-ids/new" novalidate>
      ${formToken(view)} ${select({ name: 'tax_id_type', label: 'Kind of tax ID', typed, errors, options, chosen })}
      ${field({ name: 'tax_id', label: 'Tax ID', typed, errors, attributes: html`autocomplete="off" maxlength="40"` })}
      ${formError(errors)}
      <button class="primary wide" type="submit" data-busy="One moment …">Add tax ID</button>
    </form>`
  return portalPage(context, { title: 'Add tax ID', body, status: Object.keys(errors).length > 0 ? 422 : 200 })
}
