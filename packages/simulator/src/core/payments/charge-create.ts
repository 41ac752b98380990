import type Stripe from 'stripe'
import { cardError } from './card-payment.js'
import { cardBehind, createCard } from './card-methods.js'
import { testCardOf } from './cards.js'
import { createCharge } from './charges.js'
import type { ChargeRequest } from './charge-request.js'
import { addSource } from './customer-sources.js'
import { checkedEmail } from '../customers/customers.js'
import { shippingOf } from '../customers/shipping.js'
import { followUpCharge } from './disputes.js'
import { invalidRequest, missingParameter, StripeError } from '../error.js'
import type { Handler } from '../handler.js'
import { enterCustomer } from './intent-params.js'
import { refuseUnbuilt } from '../lookup.js'
import { mergeMetadata } from '../metadata.js'
import { refuseBadAmount } from './payment-intent-rules.js'
import type { Transaction } from '../transaction.js'

const BUILT = [
  'amount',
  'capture',
  'currency',
  'customer',
  'description',
  'metadata',
  'receipt_email',
  'shipping',
  'source',
  'statement_descriptor',
  'statement_descriptor_suffix',
  'transfer_group',
]

/** A charge without a payment intent, as it was made before there were any. https://docs.stripe.com/api/charges/create */
export const createLoneCharge: Handler<Stripe.ChargeCreateParams> = (transaction, { params }) => {
  refuseUnbuilt(params, BUILT)
  const { amount, currency } = params
  if (amount === undefined) throw missingParameter('amount')
  if (currency === undefined) throw missingParameter('currency')
  refuseBadAmount({ amount, currency })
  const customer = enterCustomer(transaction, params.customer)
  const wanted: ChargeRequest = {
    amount,
    capture_method: params.capture === false ? 'manual' : 'automatic',
    currency: currency.toLowerCase(),
    customer,
    description: params.description ?? null,
    metadata: mergeMetadata({}, params.metadata),
    payment_method: sourceFor(transaction, customer, params.source),
    paymentIntent: null,
    receipt_email: checkedEmail(params.receipt_email, 'receipt_email'),
    shipping: params.shipping === undefined ? null : shippingOf(params.shipping),
    statement_descriptor: params.statement_descriptor ?? null,
    statement_descriptor_suffix: params.statement_descriptor_suffix ?? null,
    transfer_group: params.transfer_group ?? null,
  }
  const { declines } = testCardOf(transaction.load('card_behaviours', wanted.payment_method ?? '').number)
  if (declines !== undefined) {
    const { id: charge } = createCharge(transaction, wanted, { decline: declines })
    throw keeping(cardError(declines, { charge }))
  }
  const { id } = createCharge(transaction, wanted)
  if (wanted.capture_method !== 'manual') followUpCharge(transaction, id)
  return transaction.render('charges', transaction.load('charges', id))
}

/** A refused charge leaves its trace. */
function keeping({ body, status }: ReturnType<typeof cardError>): ReturnType<typeof cardError> {
  const { doc_url: _, ...rest } = body
  return new StripeError(status, rest, { keepsChanges: true })
}

function sourceFor(transaction: Transaction, customer: string | null, source: string | undefined): string {
  if (source === undefined) {
    const known = customer === null ? null : transaction.load('customers', customer).default_source
    if (known === null)
      throw invalidRequest('Must provide source or customer.', { code: 'parameter_missing', param: 'source' })
    return known
  }
  const method = transaction.get('payment_methods', source)
  if (method !== undefined && method.customer === customer) return method.id
  if (customer !== null) return addSource(transaction, customer, source).id
  return createCard(transaction, cardBehind(transaction, source, 'source')).id
}
