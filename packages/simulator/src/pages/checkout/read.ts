import { faultOf } from '../../core/checkout-sessions/custom-fields.js'
import type { CheckoutForm, ChosenMethod } from '../../core/checkout-sessions/form.js'
import type { CheckoutView } from '../../core/checkout-sessions/view.js'
import type { CheckoutPayer } from '../../core/private-records.js'
import { readAddress } from '../address-form.js'
import { readCard } from '../card-form.js'
import type { FieldErrors, Typed } from '../fields.js'
import { exampleOf, typedTaxId } from '../tax-ids.js'

export type Read =
  | { readonly ok: true; readonly form: CheckoutForm }
  | { readonly ok: false; readonly errors: FieldErrors }

/** What was typed on the Checkout page, or all that is missing from it at once, in the order of the page. */
export function readCheckout(view: CheckoutView, typed: Typed, method: string): Read {
  const email = view.email ?? typed.email ?? ''
  const paid = view.asksForPayment ? readMethod(method, typed) : unpaid
  const addressed = view.wants.address === 'full' ? readAddress('', typed) : undefined
  const shipped = view.wants.shippingTo === null ? undefined : readShipping(typed)
  const errors: FieldErrors = {
    ...(!isEmail(email) && { email: 'Enter an e-mail address such as ada@example.com.' }),
    ...(view.wants.phone && !isPhone(typed.phone ?? '') && { phone: 'Enter a phone number such as +49 30 123456.' }),
    ...(shipped?.ok === false && shipped.errors),
    ...paid.errors,
    ...(addressed?.ok === false && addressed.errors),
    ...faultsOf(view, typed),
  }
  if (Object.keys(errors).length > 0) return { ok: false, errors }
  const details: Partial<CheckoutPayer> = {
    ...(addressed?.ok === true && { address: addressed.value }),
    ...(shipped?.ok === true && { shipping: shipped.value }),
    businessName: typed.business_name || null,
    individualName: typed.individual_name || null,
    phone: typed.phone || null,
    taxId: readTaxId(typed),
  }
  return {
    ok: true,
    form: {
      email,
      ...paid.fields,
      details,
      answers: Object.fromEntries(view.wants.customFields.map(({ key }) => [key, typed[`custom_${key}`] ?? ''])),
      consent: { terms: typed.terms === 'yes', promotions: typed.promotions === 'yes' },
      saves: typed.save_card === 'yes',
    },
  }
}

function readTaxId({ tax_id: text = '', tax_id_type: type = 'eu_vat' }: Typed): CheckoutPayer['taxId'] {
  const value = text === '' ? undefined : typedTaxId(type, text)
  return value === undefined ? null : { type, value }
}

type Paid = {
  readonly fields: Pick<CheckoutForm, 'card' | 'country' | 'name'> & { readonly method?: ChosenMethod }
  readonly errors: FieldErrors
}

const unpaid: Paid = { fields: { card: null, country: null, name: null }, errors: {} }

function readMethod(method: string, typed: Typed): Paid {
  if (method.startsWith('saved:'))
    return { ...unpaid, fields: { ...unpaid.fields, method: { kind: 'saved', id: method.slice(6) } } }
  switch (method) {
    case 'sepa_debit':
      return debit(
        typed,
        { kind: 'sepa_debit', iban: (typed.iban ?? '').replaceAll(/\s/g, '').toUpperCase() },
        ibanFaults,
      )
    case 'bacs_debit':
      return debit(
        typed,
        { kind: 'bacs_debit', sortCode: (typed.sort_code ?? '').replaceAll(/\D/g, ''), account: typed.account ?? '' },
        bacsFaults,
      )
    case 'us_bank_account':
      return {
        errors: {},
        fields: { ...unpaid.fields, method: { kind: 'us_bank_account', account: typed.account ?? '' } },
      }
    case 'card': {
      const read = readCard(typed)
      return read.ok ? { errors: {}, fields: read.value } : { ...unpaid, errors: read.errors }
    }
    default:
      return { errors: {}, fields: { ...unpaid.fields, method: { kind: 'elsewhere', type: method } } }
  }
}

function debit(typed: Typed, method: ChosenMethod, faults: (typed: Typed) => FieldErrors): Paid {
  const { holder = '' } = typed
  const errors = { ...faults(typed), ...(holder === '' && { holder: 'Enter the name of the account’s owner.' }) }
  return { errors, fields: { card: null, country: null, name: holder, method } }
}

function ibanFaults({ iban = '' }: Typed): FieldErrors {
  return iban === '' ? { iban: 'Enter the IBAN of your account.' } : {}
}

function bacsFaults({ account = '', sort_code: sortCode = '' }: Typed): FieldErrors {
  return {
    ...(!/^\d{6}$/.test(sortCode.replaceAll(/\D/g, '')) && { sort_code: 'Enter the six digits of the sort code.' }),
    ...(!/^\d{8}$/.test(account) && { account: 'Enter the eight digits of the account number.' }),
  }
}

function readShipping(
  typed: Typed,
):
  | { readonly ok: true; readonly value: NonNullable<CheckoutPayer['shipping']> }
  | { readonly ok: false; readonly errors: FieldErrors } {
  const { shipping_name: name = '' } = typed
  const address = readAddress('shipping_', typed)
  const nameErrors: FieldErrors = name === '' ? { shipping_name: 'Enter the name of whoever receives it.' } : {}
  if (!address.ok) return { ok: false, errors: { ...nameErrors, ...address.errors } }
  return name === '' ? { ok: false, errors: nameErrors } : { ok: true, value: { name, address: address.value } }
}

/** What is wrong with what is asked for besides. */
function faultsOf({ wants }: CheckoutView, typed: Typed): FieldErrors {
  const { business_name: business = '', individual_name: individual = '', tax_id: taxId = '' } = typed
  const type = typed.tax_id_type ?? 'eu_vat'
  const custom = wants.customFields.flatMap((field) => {
    const fault = faultOf(field, typed[`custom_${field.key}`] ?? '')
    return fault === null ? [] : [[`custom_${field.key}`, fault] as const]
  })
  const needsBusiness = wants.businessName === 'needed' || wants.taxId === 'needed' || taxId !== ''
  return {
    ...(wants.individualName === 'needed' && individual === '' && { individual_name: 'Enter your name.' }),
    ...(needsBusiness && business === '' && { business_name: 'Enter the name of the business.' }),
    ...(wants.taxId === 'needed' && taxId === '' && { tax_id: 'Enter the tax ID.' }),
    ...(taxId !== '' &&
      typedTaxId(type, taxId) === undefined && { tax_id: `Enter a tax ID such as ${exampleOf(type)}.` }),
    ...Object.fromEntries(custom),
    ...(wants.terms && typed.terms !== 'yes' && { terms: 'Agree to the terms to go on.' }),
  }
}

function isPhone(text: string): boolean {
  return /^\+?[\d\s()/-]{5,40}$/.test(text)
}

export function isEmail(text: string): boolean {
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)
}
