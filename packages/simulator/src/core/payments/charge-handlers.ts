import type Stripe from 'stripe'
import { createLoneCharge } from './charge-create.js'
import { captureCharge } from './charges.js'
import type { Charge } from './charge-request.js'
import { checkedEmail } from '../customers/customers.js'
import { shippingOf } from '../customers/shipping.js'
import { invalidRequest } from '../error.js'
import { listReply, type Handler, type Handlers } from '../handler.js'
import { isWithin } from '../lists.js'
import { recordInPath, refuseUnbuilt } from '../lookup.js'
import { mergeMetadata } from '../metadata.js'
import { descriptorFields } from './payment-intent-fields.js'
import { capturePaymentIntent } from './payment-intents.js'

const named = { kind: 'charge' } as const

const update: Handler<Stripe.ChargeUpdateParams> = (transaction, { path, params }) => {
  const before = recordInPath(transaction, 'charges', { id: path['id'], ...named })
  refuseUnbuilt(params, ['description', 'fraud_details', 'metadata', 'receipt_email', 'shipping', 'transfer_group'])
  transaction.enterClockOf(before.customer)
  const { description, fraud_details: fraud, receipt_email: receipt, shipping, transfer_group: group } = params
  const after = transaction.patch('charges', before.id, {
    ...(description !== undefined && { description: description || null }),
    ...(fraud !== undefined && { fraud_details: fraud.user_report ? { user_report: fraud.user_report } : {} }),
    metadata: mergeMetadata(before.metadata, params.metadata),
    ...(receipt !== undefined && { receipt_email: checkedEmail(receipt, 'receipt_email') }),
    ...(shipping !== undefined && { shipping: shippingOf(shipping) }),
    ...(group !== undefined && { transfer_group: group || null }),
  })
  transaction.emitChange('charge.updated', 'charges', { before, after })
  return transaction.render('charges', after)
}

const retrieve: Handler = (transaction, { path }) =>
  transaction.render('charges', recordInPath(transaction, 'charges', { id: path['id'], ...named }))

const list: Handler<Stripe.ChargeListParams> = (transaction, { params }) => {
  refuseUnbuilt(params, ['created', 'customer', 'payment_intent', 'limit', 'starting_after', 'ending_before'])
  const { customer, payment_intent: intent } = params
  const where = (charge: Charge): boolean =>
    (customer === undefined || charge.customer === customer) && isWithin(charge.created, params.created)
  const page = transaction.page('charges', params, { ...bucketOf(customer, intent), where, kind: 'charge' })
  return listReply(transaction, 'charges', { page, url: '/v1/charges' })
}

function bucketOf(
  customer: string | undefined,
  intent: string | undefined,
): { index?: 'customer' | 'payment_intent'; key?: string } {
  if (intent !== undefined) return { index: 'payment_intent', key: intent }
  return customer === undefined ? {} : { index: 'customer', key: customer }
}

/** A charge of a payment intent is captured with it. */
const capture: Handler<Stripe.ChargeCaptureParams> = (transaction, { path, params }) => {
  refuseUnbuilt(params, ['amount', 'receipt_email', 'statement_descriptor', 'statement_descriptor_suffix'])
  const charge = recordInPath(transaction, 'charges', { id: path['id'], ...named })
  transaction.enterClockOf(charge.customer)
  if (charge.captured) {
    throw invalidRequest(`Charge ${charge.id} has already been captured.`, { code: 'charge_already_captured' })
  }
  if (charge.refunded || charge.status !== 'succeeded') {
    throw invalidRequest(`Charge ${charge.id} cannot be captured: it has set nothing aside.`, {
      code: 'charge_expired_for_capture',
    })
  }
  const { amount = charge.amount, receipt_email: email } = params
  transaction.patch('charges', charge.id, {
    ...descriptorFields(params),
    ...(email !== undefined && { receipt_email: checkedEmail(email, 'receipt_email') }),
  })
  if (charge.payment_intent !== null) capturePaymentIntent(transaction, charge.payment_intent, amount)
  else captureCharge(transaction, charge.id, amount)
  return transaction.render('charges', transaction.load('charges', charge.id))
}

export const chargesHandlers: Handlers = {
  'charges.capture': capture,
  'charges.create': createLoneCharge,
  'charges.list': list,
  'charges.retrieve': retrieve,
  'charges.update': update,
}
