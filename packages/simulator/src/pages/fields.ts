import { html, type Html, type HtmlValue } from './html.js'

type AddressPart = 'city' | 'country' | 'line1' | 'line2' | 'postal_code' | 'state'

export type FieldName =
  | AddressPart
  | `shipping_${AddressPart | 'name'}`
  | `custom_${string}`
  | 'account'
  | 'business_name'
  | 'code'
  | 'cvc'
  | 'email'
  | 'expiry'
  | 'holder'
  | 'iban'
  | 'individual_name'
  | 'name'
  | 'number'
  | 'phone'
  | 'promotions'
  | 'save_card'
  | 'sort_code'
  | 'tax_id'
  | 'tax_id_type'
  | 'terms'

/** What was typed, as it was typed. */
export type Typed = Readonly<Partial<Record<FieldName, string>>>

/** What is wrong, at the field that it is wrong in; `form` is what belongs to no field. */
export type FieldErrors = Readonly<Partial<Record<FieldName | 'form', string>>>

export interface FieldOptions {
  readonly name: FieldName
  readonly label: string
  readonly typed: Typed
  readonly errors: FieldErrors
  readonly isOptional?: boolean
}

/** A text field with its label and, when it is wrong, the reason, tied to it for those who cannot see. */
export function field(options: FieldOptions & { readonly attributes: Html; readonly after?: HtmlValue }): Html {
  const { name, attributes, typed, errors, after, isOptional } = options
  const value = typed[name] ?? ''
  return html`<div class="field">
    ${labelOf(options)}
    <div ${after !== undefined && html` class="branded"`}>
      <input
        id="${name}"
        name="${name}"
        value="${value}"
        ${attributes}
        ${isOptional !== true && html` required`}
        ${invalid(name, errors)}
      />${after}
    </div>
    ${errorText(name, errors)}
  </div>`
}

export interface Option {
  readonly value: string
  readonly label: string
}

/** A choice among many, with its label. */
export function select(
  options: FieldOptions & { readonly options: readonly Option[]; readonly chosen: string; readonly attributes?: Html },
): Html {
  const { name, errors, chosen, attributes } = options
  const items = options.options.map(
    ({ value, label }) => html`<option value="${value}" ${value === chosen && html` selected`}>${label}</option>`,
  )
  return html`<div class="field">
    ${labelOf(options)}
    <select id="${name}" name="${name}" ${attributes} ${invalid(name, errors)}>
      ${items}
    </select>
    ${errorText(name, errors)}
  </div>`
}

/** A box to tick, with what ticking it means. */
export function checkbox(options: FieldOptions & { readonly text?: HtmlValue }): Html {
  const { name, label, typed, errors, text } = options
  return html`<div class="field">
    <label class="choice" for="${name}"
      ><input
        type="checkbox"
        id="${name}"
        name="${name}"
        value="yes"
        ${typed[name] === 'yes' && html` checked`}
        ${invalid(name, errors)}
      /><span>${text ?? label}</span></label
    >
    ${errorText(name, errors)}
  </div>`
}

function labelOf({ name, label, isOptional }: FieldOptions): Html {
  return html`<label for="${name}">${label}${isOptional === true && html` <span class="muted">(optional)</span>`}</label>`
}

function invalid(name: FieldName, errors: FieldErrors): HtmlValue {
  if (errors[name] === undefined) return null
  const isFirst = Object.keys(errors)[0] === name
  return html` aria-invalid="true" aria-describedby="${name}-error"${isFirst && html` autofocus`}`
}

function errorText(name: FieldName, errors: FieldErrors): HtmlValue {
  const error = errors[name]
  return error === undefined ? null : html`<p class="error" id="${name}-error" role="alert">${error}</p>`
}

const LONGEST = 500

/** All that a form brought, without what the page itself put into it. */
export function typedIn(form: URLSearchParams): Typed {
  return Object.fromEntries([...form].map(([name, value]) => [name, value.trim().slice(0, LONGEST)]))
}

/** What belongs to no field, above the button. */
export function formError(errors: FieldErrors): HtmlValue {
  return errors.form === undefined ? null : html`<p class="notice red" role="alert">${errors.form}</p>`
}
