import { field, type FieldErrors, type Typed } from '../card-form.js'
import { html } from '../html.js'
import type { PageResponse } from '../request.js'
import { formToken, portalPage, type PortalContext } from './frame.js'

export function detailsPage(context: PortalContext, typed: Typed, errors: FieldErrors): PageResponse {
  const { base, view } = context
  const { allowed_updates: allowed } = view.features.customer_update
  const body = html`<p class="muted">
      They are on your next invoices. Invoices that are there already stay as they are.
    </p>
    <form class="fields" method="post" action="${base}/details" novalidate>
      ${formToken(view)}
      ${allowed.includes('name') && field({ name: 'name', label: 'Name', attributes: html`autocomplete="name" maxlength="100"`, typed, errors })}
      ${allowed.includes('email') && field({ name: 'email', label: 'E-mail', attributes: html`type="email" autocomplete="email" maxlength="200"`, typed, errors })}
      <button class="primary wide" type="submit" data-busy="One moment …">Save details</button>
    </form>`
  return portalPage(context, { title: 'Billing details', body, status: Object.keys(errors).length > 0 ? 422 : 200 })
}
