import type Stripe from 'stripe'
import { mergeEvidence } from './dispute-evidence.js'
import { endDispute, enterClockOfDispute, sendToBank, type Dispute } from './disputes.js'
import { invalidRequest } from '../error.js'
import { listReply, type Handler, type Handlers } from '../handler.js'
import { isWithin } from '../lists.js'
import { recordInPath, refuseUnbuilt } from '../lookup.js'
import { mergeMetadata } from '../metadata.js'
import type { Transaction } from '../transaction.js'

const named = { kind: 'dispute' } as const

const retrieve: Handler = (transaction, { path }) =>
  transaction.render('disputes', recordInPath(transaction, 'disputes', { id: path['id'], ...named }))

const WITH_BANK: Readonly<Record<string, Dispute['status']>> = {
  needs_response: 'under_review',
  warning_needs_response: 'warning_under_review',
}

/** Evidence goes to the bank with the same request, unless it is only kept for later (`submit: false`). */
const update: Handler<Stripe.DisputeUpdateParams> = (transaction, { path, params }) => {
  refuseUnbuilt(params, ['evidence', 'intended_submission_method', 'metadata', 'submit'])
  const before = recordInPath(transaction, 'disputes', { id: path['id'], ...named })
  enterClockOfDispute(transaction, before)
  const { evidence, intended_submission_method: method, submit = true } = params
  const isSubmitted = evidence !== undefined && submit
  const withBank = WITH_BANK[before.status]
  if (evidence !== undefined && withBank === undefined) {
    throw invalidRequest('This dispute is already closed or under review; its evidence cannot be updated any more.')
  }
  const details = before.evidence_details
  const after = transaction.patch('disputes', before.id, {
    ...(evidence !== undefined && { evidence: mergeEvidence(before.evidence, evidence) }),
    evidence_details: {
      ...details,
      has_evidence: details.has_evidence || evidence !== undefined,
      submission_count: details.submission_count + (isSubmitted ? 1 : 0),
      submission_method: isSubmitted ? 'manual' : details.submission_method,
    },
    ...(method !== undefined && { intended_submission_method: method }),
    metadata: mergeMetadata(before.metadata, params.metadata),
    ...(isSubmitted && withBank !== undefined && { status: withBank }),
  })
  transaction.emitChange('charge.dispute.updated', 'disputes', { before, after })
  if (isSubmitted) sendToBank(transaction, before.id)
  return transaction.render('disputes', after)
}

/** Closing a dispute accepts that it is lost. https://docs.stripe.com/api/disputes/close */
const close: Handler = (transaction, { path }) => {
  const before = recordInPath(transaction, 'disputes', { id: path['id'], ...named })
  enterClockOfDispute(transaction, before)
  if (WITH_BANK[before.status] === undefined) {
    throw invalidRequest(`This dispute is already closed or under review; its status is ${before.status}.`)
  }
  const isInquiry = before.status === 'warning_needs_response'
  return transaction.render('disputes', endDispute(transaction, before, isInquiry ? 'warning_closed' : 'lost'))
}

interface ListParams extends Stripe.PaginationParams {
  readonly charge?: string
  readonly created?: Stripe.RangeQueryParam | number
  readonly payment_intent?: string
}

function listOf(table: 'disputes' | 'early_fraud_warnings', url: string): Handler<ListParams> {
  return (transaction: Transaction, { params }) => {
    refuseUnbuilt(params, ['charge', 'created', 'payment_intent', 'limit', 'starting_after', 'ending_before'])
    const { charge, created, payment_intent: intent } = params
    const where = (record: { readonly created: number; readonly payment_intent?: string | null }): boolean =>
      (intent === undefined || record.payment_intent === intent) && isWithin(record.created, created)
    const bucket =
      charge !== undefined
        ? { index: 'charge' as const, key: charge }
        : intent !== undefined
          ? { index: 'payment_intent' as const, key: intent }
          : {}
    const kind = table === 'disputes' ? 'dispute' : 'early_fraud_warning'
    return listReply(transaction, table, { page: transaction.page(table, params, { ...bucket, where, kind }), url })
  }
}

const retrieveWarning: Handler = (transaction, { path }) => {
  const words = { kind: 'early_fraud_warning', param: 'early_fraud_warning' }
  const warning = recordInPath(transaction, 'early_fraud_warnings', { id: path['id'], ...words })
  return transaction.render('early_fraud_warnings', warning)
}

export const disputesHandlers: Handlers = {
  'disputes.close': close,
  'disputes.list': listOf('disputes', '/v1/disputes'),
  'disputes.retrieve': retrieve,
  'disputes.update': update,
  'early_fraud_warnings.list': listOf('early_fraud_warnings', '/v1/radar/early_fraud_warnings'),
  'early_fraud_warnings.retrieve': retrieveWarning,
}
