import type { CheckoutView } from '../../core/checkout-sessions/view.js'
import { TAX_ID_TYPES } from '../tax-ids.js'
import { addressFields } from '../address-form.js'
import { checkbox, field, select, type FieldErrors, type Typed } from '../fields.js'
import { html, type Html, type HtmlValue } from '../html.js'

interface State {
  readonly typed: Typed
  readonly errors: FieldErrors
}

/** Who pays, and where goods are sent. */
export function contactFields(view: CheckoutView, state: State): Html {
  const { wants } = view
  return html`${emailField(view, state)}
    ${wants.phone && field({ ...state, name: 'phone', label: 'Phone', attributes: html`type="tel" autocomplete="tel" maxlength="40"` })}
    ${
      wants.shippingTo !== null &&
      html`<fieldset class="fields">
        <legend>Where should it be sent?</legend>
        ${wants.texts.shipping !== null && html`<p class="small muted">${wants.texts.shipping}</p>`}
        ${field({ ...state, name: 'shipping_name', label: 'Full name', attributes: html`autocomplete="shipping name" maxlength="100"` })}
        ${addressFields('shipping_', state, wants.shippingTo)}
      </fieldset>`
    }`
}

function emailField(view: CheckoutView, state: State): Html {
  if (view.email !== null) {
    return html`<div class="tight">
      <span class="label">E-mail</span><span>${view.email}</span
      ><input type="hidden" name="email" value="${view.email}" />
    </div>`
  }
  const attributes = html`type="email" autocomplete="email" maxlength="200" placeholder="you@example.com"`
  return field({ ...state, name: 'email', label: 'E-mail', attributes })
}

/** What is asked for besides: names, the tax id, the business’s own questions, and what has to be agreed to. */
export function moreFields(view: CheckoutView, state: State): HtmlValue {
  const { wants, canSave, asksForPayment } = view
  return [
    wants.address === 'full' &&
      html`<fieldset class="fields">
        <legend>Billing address</legend>
        ${addressFields('', state)}
      </fieldset>`,
    wants.individualName !== null &&
      field({
        ...state,
        name: 'individual_name',
        label: 'Your full name',
        attributes: html`autocomplete="name" maxlength="150"`,
        isOptional: wants.individualName === 'optional',
      }),
    (wants.businessName !== null || wants.taxId !== null) &&
      field({
        ...state,
        name: 'business_name',
        label: 'Business name',
        attributes: html`autocomplete="organization" maxlength="150"`,
        isOptional: wants.businessName !== 'needed' && wants.taxId !== 'needed',
      }),
    wants.taxId !== null && taxIdFields(wants.taxId === 'optional', state),
    wants.customFields.map((custom) => customField(custom, state)),
    canSave &&
      asksForPayment &&
      checkbox({ ...state, name: 'save_card', label: 'Keep this card for my next payments' }),
    wants.promotions && checkbox({ ...state, name: 'promotions', label: 'Send me news and offers by e-mail' }),
    wants.terms &&
      checkbox({
        ...state,
        name: 'terms',
        label: 'I agree to the terms of service and the privacy policy',
        text: wants.texts.terms,
      }),
  ]
}

function taxIdFields(isOptional: boolean, state: State): Html {
  const options = TAX_ID_TYPES.map(({ type, label }) => ({ value: type, label }))
  return html`<div class="pair">
    ${select({ ...state, name: 'tax_id_type', label: 'Kind of tax ID', options, chosen: state.typed.tax_id_type ?? 'eu_vat' })}
    ${field({ ...state, name: 'tax_id', label: 'Tax ID', attributes: html`autocomplete="off" maxlength="40"`, isOptional })}
  </div>`
}

type CustomField = CheckoutView['wants']['customFields'][number]

function customField({ dropdown, key, label, numeric, optional, text }: CustomField, state: State): Html {
  const common = { ...state, name: `custom_${key}` as const, label: label.custom ?? key, isOptional: optional }
  const typed = state.typed[`custom_${key}`]
  if (dropdown !== undefined) {
    const options = [{ value: '', label: 'Choose …' }, ...dropdown.options]
    return select({ ...common, options, chosen: typed ?? dropdown.default_value ?? '' })
  }
  const value = typed ?? (numeric ?? text)?.default_value ?? ''
  const attributes = numeric === undefined ? html`maxlength="255"` : html`inputmode="numeric" maxlength="255"`
  return field({ ...common, typed: { ...state.typed, [`custom_${key}`]: value }, attributes })
}
