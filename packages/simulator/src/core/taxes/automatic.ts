import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import { isInEu, localRate, type LocalRate } from './automatic-rates.js'

type Customer = Records['customers']
type TaxRate = Records['tax_rates']

/** Where automatic tax finds the customer. */
export interface TaxLocation {
  readonly country: string
  readonly state: string | null
}

/** Where a customer is taxed: at the shipping address, else at their own; `null` when it says too little. */
export function taxLocationOf(customer: Pick<Customer, 'address' | 'shipping'>): TaxLocation | null {
  const address = customer.shipping?.address ?? customer.address
  const country = address?.country ?? null
  if (address === null || address === undefined || country === null) return null
  const { state, postal_code: postalCode } = address
  // In the United States and Canada the country alone says nothing. https://docs.stripe.com/tax/customer-locations
  if (country === 'US' && !state && !postalCode) return null
  if (country === 'CA' && !state && !postalCode) return null
  return { country, state: state ?? null }
}

/** What a line is taxed with where Stripe works the tax out. */
export interface AutomaticTax {
  readonly rate: TaxRate
  readonly reason: 'standard_rated' | 'not_collecting' | 'reverse_charge' | 'customer_exempt'
}

export function automaticTaxOf(
  transaction: Transaction,
  customer: Customer,
  { isInclusive }: { readonly isInclusive: boolean },
): AutomaticTax | undefined {
  const location = taxLocationOf(customer)
  if (location === null) return undefined
  const local = localRate(location.country, location.state)
  const rate = taxRateFor(transaction, local ?? nothing(location), isInclusive)
  if (local === null) return { rate, reason: 'not_collecting' }
  if (customer.tax_exempt === 'exempt') return { rate, reason: 'customer_exempt' }
  const isReversed = customer.tax_exempt === 'reverse' || isBusinessAbroad(transaction, customer, location)
  return { rate, reason: isReversed ? 'reverse_charge' : 'standard_rated' }
}

function nothing({ country, state }: TaxLocation): LocalRate {
  return { country, state, percentage: 0, displayName: 'Sales Tax', taxType: 'sales_tax' }
}

/** A business with a European VAT number reckons its tax itself; the account is in the United States. */
function isBusinessAbroad(transaction: Transaction, customer: Customer, { country }: TaxLocation): boolean {
  const wanted = isInEu(country) ? 'eu_vat' : country === 'GB' ? 'gb_vat' : null
  if (wanted === null) return false
  return transaction
    .by('tax_ids', 'customer', customer.id)
    .some(({ type, verification }) => type === wanted && verification?.status !== 'unverified')
}

/** Stripe makes the tax rates of automatic tax itself; one for each place and way of stating a price. */
function taxRateFor(transaction: Transaction, local: LocalRate, inclusive: boolean): TaxRate {
  const id = ['txr_auto', local.country, local.state, inclusive ? 'inclusive' : 'exclusive'].filter(Boolean).join('_')
  const before = transaction.get('tax_rates', id)
  if (before !== undefined) return before
  return transaction.put('tax_rates', {
    id,
    object: 'tax_rate',
    active: false,
    country: local.country,
    created: transaction.now,
    description: null,
    display_name: local.displayName,
    effective_percentage: local.percentage,
    flat_amount: null,
    inclusive,
    jurisdiction: local.state ?? local.country,
    jurisdiction_level: local.state === null ? 'country' : 'state',
    livemode: false,
    metadata: {},
    percentage: local.percentage,
    rate_type: 'percentage',
    state: local.state,
    tax_type: local.taxType,
  })
}
