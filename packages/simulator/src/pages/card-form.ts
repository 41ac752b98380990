import type { TypedCard } from '../core/checkout-sessions/form.js'
import type { StripeErrorBody } from '../core/error.js'
import { field, select, type FieldErrors, type FieldName, type Typed } from './fields.js'
import { html, type Html } from './html.js'
import { brandName, COUNTRIES, isCountry } from './words.js'

/** The fields of a card and of its owner. */
export function cardFields(
  typed: Typed,
  errors: FieldErrors,
  options: { readonly withoutCountry?: boolean } = {},
): Html {
  const common = { typed, errors }
  const brand = html`<output data-brand aria-hidden="true">${typed.number ? brandOf(typed.number) : ''}</output>`
  return html`${field({
    ...common,
    name: 'number',
    label: 'Card number',
    attributes: html`inputmode="numeric" autocomplete="cc-number" placeholder="1234 1234 1234 1234" maxlength="23"`,
    after: brand,
  })}
    <div class="pair">
      ${field({ ...common, name: 'expiry', label: 'Expiry (MM / YY)', attributes: html`inputmode="numeric" autocomplete="cc-exp" placeholder="MM / YY" maxlength="9"` })}
      ${field({ ...common, name: 'cvc', label: 'CVC', attributes: html`inputmode="numeric" autocomplete="cc-csc" placeholder="123" maxlength="4"` })}
    </div>
    ${field({ ...common, name: 'name', label: 'Name on card', attributes: html`autocomplete="cc-name" maxlength="100"` })}
    ${options.withoutCountry !== true && countryField('country', common)}`
}

/** The country, of all or of those that are possible. */
export function countryField(
  name: 'country' | 'shipping_country',
  { typed, errors }: { readonly typed: Typed; readonly errors: FieldErrors },
  possible?: readonly string[],
): Html {
  const countries = possible === undefined ? COUNTRIES : COUNTRIES.filter(({ code }) => possible.includes(code))
  const options = countries.map(({ code, name: label }) => ({ value: code, label }))
  const chosen = typed[name] ?? (possible === undefined ? 'US' : (options[0]?.value ?? ''))
  const attributes = html`autocomplete="${name === 'country' ? 'country' : 'shipping country'}"`
  return select({ name, label: 'Country', typed, errors, options, chosen, attributes })
}

function brandOf(number: string): string {
  const digits = number.replace(/\D/g, '')
  if (/^3[47]/.test(digits)) return brandName('amex')
  if (/^5[1-5]|^2[2-7]/.test(digits)) return brandName('mastercard')
  return digits.startsWith('4') ? brandName('visa') : ''
}

export interface ReadCard {
  readonly card: TypedCard
  readonly name: string
  readonly country: string
}

/** The card that was typed, or what is missing from it, all at once. */
export function readCard(
  typed: Typed,
): { readonly ok: true; readonly value: ReadCard } | { readonly ok: false; readonly errors: FieldErrors } {
  const number = (typed.number ?? '').replace(/[\s-]/g, '')
  const expiry = /^(\d{1,2})\s*[/-]?\s*(\d{2}|\d{4})$/.exec(typed.expiry ?? '')
  const { cvc = '', name = '', country = '' } = typed
  const errors: FieldErrors = {
    ...(number === '' && { number: 'Enter the card number.' }),
    ...(number !== '' && !/^\d{12,19}$/.test(number) && { number: 'Enter the whole card number, in digits only.' }),
    ...(expiry === null && { expiry: 'Enter the expiry as month and year, such as 08 / 30.' }),
    ...(cvc === '' && { cvc: 'Enter the security code.' }),
    ...(name === '' && { name: 'Enter the name on the card.' }),
    ...(!isCountry(country) && { country: 'Choose a country.' }),
  }
  if (Object.keys(errors).length > 0) return { ok: false, errors }
  const year = Number(expiry?.[2] ?? 0)
  const card = { number, expMonth: Number(expiry?.[1] ?? 0), expYear: year < 100 ? 2000 + year : year, cvc }
  return { ok: true, value: { card, name, country } }
}

const FIELD_OF_CODE: Readonly<Record<string, FieldName>> = {
  email_invalid: 'email',
  expired_card: 'expiry',
  incomplete_number: 'number',
  incorrect_cvc: 'cvc',
  incorrect_number: 'number',
  invalid_bank_account_iban: 'iban',
  invalid_cvc: 'cvc',
  invalid_expiry_month: 'expiry',
  invalid_expiry_year: 'expiry',
  tax_id_invalid: 'tax_id',
}

const ADVICE_OF_CODE: Readonly<Record<string, string>> = {
  expired_card: 'Check the date or try another card; nothing was charged.',
  incorrect_cvc: 'Check the code or try another card; nothing was charged.',
  incorrect_number: 'Check the number; nothing was charged.',
  invalid_cvc: '',
  invalid_expiry_month: '',
  invalid_expiry_year: '',
  incomplete_number: '',
  email_invalid: '',
  processing_error: 'Nothing was charged.',
}

const AUTHENTICATION = 'Your bank did not confirm that it is you. Try again or try another card; nothing was charged.'

/** The issuer's words and what to do next, at the field that can be mended. */
export function errorsOf(error: StripeErrorBody): FieldErrors {
  const code = error.code ?? ''
  if (code.endsWith('_authentication_failure')) return { number: AUTHENTICATION }
  if (code === 'email_invalid') return { email: 'Enter an e-mail address such as ada@example.com.' }
  const fieldName = FIELD_OF_CODE[code] ?? (error.type === 'card_error' ? 'number' : 'form')
  const advice = ADVICE_OF_CODE[code] ?? 'Try another card; nothing was charged.'
  return { [fieldName]: error.type === 'card_error' ? `${error.message} ${advice}`.trim() : error.message }
}
