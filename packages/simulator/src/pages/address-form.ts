import type { CheckoutPayer } from '../core/private-records.js'
import { countryField } from './card-form.js'
import { field, type FieldErrors, type Typed } from './fields.js'
import { html, type Html } from './html.js'
import { isCountry } from './words.js'

type Address = NonNullable<CheckoutPayer['address']>
type Prefix = '' | 'shipping_'

/** Where nobody finds a house without the state. */
const NEEDS_STATE = new Set(['AU', 'CA', 'US'])

/** The fields of a whole address; `possible` are the countries that it may be in. */
export function addressFields(
  prefix: Prefix,
  { typed, errors }: { readonly typed: Typed; readonly errors: FieldErrors },
  possible?: readonly string[],
): Html {
  const common = { typed, errors }
  const kind = prefix === '' ? 'billing' : 'shipping'
  const part = (name: 'city' | 'line1' | 'line2' | 'postal_code' | 'state', label: string, complete: string): Html =>
    field({
      ...common,
      name: `${prefix}${name}`,
      label,
      attributes: html`autocomplete="${kind} ${complete}" maxlength="200"`,
      isOptional: name === 'line2',
    })
  return html`${countryField(`${prefix}country`, common, possible)} ${part('line1', 'Address', 'address-line1')}
    ${part('line2', 'Address, second line', 'address-line2')}
    <div class="pair">${part('postal_code', 'Postal code', 'postal-code')} ${part('city', 'City', 'address-level2')}</div>
    ${field({ ...common, name: `${prefix}state`, label: 'State or province, if there is one', attributes: html`autocomplete="${kind} address-level1" maxlength="100"` })}`
}

/** The address that was typed, or what is missing from it, all at once. */
export function readAddress(
  prefix: Prefix,
  typed: Typed,
): { readonly ok: true; readonly value: Address } | { readonly ok: false; readonly errors: FieldErrors } {
  const read = (name: keyof Address): string | null => typed[`${prefix}${name}`] || null
  const value: Address = {
    city: read('city'),
    country: read('country'),
    line1: read('line1'),
    line2: read('line2'),
    postal_code: read('postal_code'),
    state: stateCode(read('country'), read('state')),
  }
  const errors: FieldErrors = {
    ...(!isCountry(value.country ?? '') && { [`${prefix}country`]: 'Choose a country.' }),
    ...(value.line1 === null && { [`${prefix}line1`]: 'Enter the street and the number.' }),
    ...(value.postal_code === null && { [`${prefix}postal_code`]: 'Enter the postal code.' }),
    ...(value.city === null && { [`${prefix}city`]: 'Enter the city.' }),
    ...(value.state === null &&
      NEEDS_STATE.has(value.country ?? '') && { [`${prefix}state`]: 'Enter the state, such as NY.' }),
  }
  return Object.keys(errors).length === 0 ? { ok: true, value } : { ok: false, errors }
}

/** Where states have codes of two letters, those are what tax is found by. */
function stateCode(country: string | null, state: string | null): string | null {
  if (state === null || !NEEDS_STATE.has(country ?? '')) return state
  return state.length <= 3 ? state.toUpperCase() : state
}
