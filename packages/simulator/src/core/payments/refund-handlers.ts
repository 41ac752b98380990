import type Stripe from 'stripe'
import { invalidRequest } from '../error.js'
import { listWhere, type Handler, type Handlers } from '../handler.js'
import { recordInPath, refuseUnbuilt } from '../lookup.js'
import { mergeMetadata } from '../metadata.js'
import { createRefund, reportUpdate } from './refunds.js'

const named = { kind: 'refund' } as const

const create: Handler<Stripe.RefundCreateParams> = (transaction, { params }) => {
  refuseUnbuilt(params, ['amount', 'charge', 'instructions_email', 'metadata', 'payment_intent', 'reason'])
  const { amount, charge, instructions_email: email, metadata, payment_intent: paymentIntent, reason } = params
  const refund = createRefund(transaction, {
    ...(amount !== undefined && { amount }),
    ...(charge !== undefined && { charge }),
    ...(paymentIntent !== undefined && { paymentIntent }),
    ...(reason !== undefined && { reason }),
    ...(email !== undefined && { instructionsEmail: email }),
    metadata,
  })
  return transaction.render('refunds', refund)
}

const retrieve: Handler = (transaction, { path }) =>
  transaction.render('refunds', recordInPath(transaction, 'refunds', { id: path['id'], ...named }))

const update: Handler<Stripe.RefundUpdateParams> = (transaction, { path, params }) => {
  const before = recordInPath(transaction, 'refunds', { id: path['id'], ...named })
  transaction.enterClockOf(before.customer)
  const metadata = mergeMetadata(before.metadata ?? {}, params.metadata)
  const after = transaction.patch('refunds', before.id, { metadata })
  reportUpdate(transaction, before, after)
  return transaction.render('refunds', after)
}

/** Only refunds that wait for the customer's bank details could be canceled, and the simulated methods have none. */
const cancel: Handler = (transaction, { path }) => {
  const { id, status } = recordInPath(transaction, 'refunds', { id: path['id'], ...named })
  const message =
    `This refund (${id}) could not be canceled because it has a status of ${String(status)}. Only refunds with a status ` +
    'of requires_action can be canceled.'
  throw invalidRequest(message, { param: 'refund' })
}

const list: Handler<Stripe.RefundListParams> = (transaction, { params }) => {
  refuseUnbuilt(params, ['charge', 'created', 'payment_intent', 'limit', 'starting_after', 'ending_before'])
  const { charge, payment_intent: intent } = params
  const bucket =
    charge === undefined ? { index: 'payment_intent' as const, key: intent } : { index: 'charge' as const, key: charge }
  const fields = { payment_intent: intent }
  return listWhere(transaction, 'refunds', { params, kind: 'refund', url: '/v1/refunds', fields, ...bucket })
}

export const refundsHandlers: Handlers = {
  'refunds.cancel': cancel,
  'refunds.create': create,
  'refunds.list': list,
  'refunds.retrieve': retrieve,
  'refunds.update': update,
}
