import { taxLocationOf } from '../taxes/automatic.js'
import type { CheckoutPayer } from '../private-records.js'
import type { Transaction } from '../transaction.js'
import { amountsOf, type Taxed } from './amounts.js'
import { saleOf } from './purchase.js'
import type { CheckoutSession } from './session.js'

/** Works the session's amounts out anew: for what is in it now, and for where the customer says they are. */
export function reprice(transaction: Transaction, id: string, payer?: CheckoutPayer): CheckoutSession {
  const session = transaction.load('checkout_sessions', id)
  const before = transaction.load('checkout_orders', id)
  const order = payer === undefined ? before : { ...before, taxedFor: payer }
  const taxed = taxedAs(transaction, session, order.taxedFor)
  const { clock } = transaction
  transaction.enterClockOf(session.customer)
  const { breakdowns, fields, lineItems } = amountsOf(transaction, saleOf(session, order), taxed)
  transaction.enterClock(clock)
  for (const breakdown of breakdowns) transaction.put('item_breakdowns', breakdown)
  transaction.put('checkout_orders', { ...order, lineItems })
  return transaction.patch('checkout_sessions', id, {
    ...fields,
    ...(session.automatic_tax.enabled && { automatic_tax: located(session, taxed) }),
  })
}

/** The customer as their tax would see them: what is typed comes before what is known, where it may be kept. */
export function taxedAs(transaction: Transaction, session: CheckoutSession, payer: CheckoutPayer | null): Taxed {
  const { customer } = session
  const known = customer === null ? undefined : transaction.load('customers', customer)
  const address = payer?.address ?? known?.address ?? null
  const shipping = payer?.shipping ?? known?.shipping ?? null
  return { customer, fields: { address, shipping }, taxId: payer?.taxId ?? null }
}

function located({ automatic_tax: tax }: CheckoutSession, { fields }: Taxed): CheckoutSession['automatic_tax'] {
  const isKnown = taxLocationOf({ address: fields.address ?? null, shipping: fields.shipping ?? null }) !== null
  return { ...tax, status: isKnown ? 'complete' : 'requires_location_inputs' }
}
