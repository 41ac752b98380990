import { changeCustomer, checkedEmail } from '../../customers/customers.js'
import { createTaxId } from '../../customers/tax-ids.js'
import type { CheckoutPayer } from '../../private-records.js'
import type { Records } from '../../records.js'
import type { Transaction } from '../../transaction.js'
import { refusal, type Portal } from './open.js'

/** What the customer typed of themselves; only what the configuration allows is kept. */
export interface DetailsForm {
  readonly name: string | null
  readonly email: string | null
  readonly phone?: string | null
  readonly address?: CheckoutPayer['address']
  readonly shipping?: CheckoutPayer['shipping']
}

function allowedIn({ configuration }: Portal): readonly string[] {
  const { allowed_updates: allowed, enabled } = configuration.features.customer_update
  if (!enabled) throw refusal('Billing details cannot be changed here.')
  return allowed
}

export function updateDetails(transaction: Transaction, portal: Portal, form: DetailsForm): void {
  const allowed = allowedIn(portal)
  const { address, email, name, phone, shipping } = form
  changeCustomer(transaction, portal.session.customer, {
    ...(allowed.includes('name') && { name }),
    ...(allowed.includes('email') && email !== null && { email: checkedEmail(email) }),
    ...(allowed.includes('phone') && phone !== undefined && { phone }),
    ...(allowed.includes('address') && address !== undefined && { address }),
    ...(allowed.includes('shipping') &&
      shipping !== undefined && { shipping: shipping === null ? null : { ...shipping, phone: phone ?? null } }),
  })
}

export function addTaxId(
  transaction: Transaction,
  portal: Portal,
  taxId: { readonly type: string; readonly value: string },
): void {
  if (!allowedIn(portal).includes('tax_id')) throw refusal('Tax IDs cannot be changed here.')
  createTaxId(transaction, portal.session.customer, taxId)
}

/** A tax id that the customer has, so that it can be removed. */
export function ownTaxId(transaction: Transaction, portal: Portal, id: string): Records['tax_ids'] {
  if (!allowedIn(portal).includes('tax_id')) throw refusal('Tax IDs cannot be changed here.')
  const taxId = transaction.get('tax_ids', id)
  if (taxId !== undefined && taxId.customer === portal.session.customer) return taxId
  throw refusal('This tax ID is no longer there.')
}
