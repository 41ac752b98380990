import type Stripe from 'stripe'
import { listReply, type Handler, type Handlers } from '../handler.js'
import { isWithin } from '../lists.js'
import { refuseUnbuilt } from '../lookup.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

type SetupAttempt = Records['setup_attempts']
type SetupIntent = Records['setup_intents']

/** A new try to set a payment method up for later; a try that was still under way before is given up. */
export function startAttempt(transaction: Transaction, intent: SetupIntent, paymentMethod: string): string {
  if (intent.status === 'requires_action') endAttempt(transaction, intent, { status: 'abandoned' })
  const method = transaction.load('payment_methods', paymentMethod)
  return transaction.put('setup_attempts', {
    id: transaction.newId('setatt'),
    object: 'setup_attempt',
    application: null,
    created: transaction.now,
    customer: intent.customer,
    customer_account: null,
    flow_directions: null,
    livemode: false,
    on_behalf_of: null,
    payment_method: paymentMethod,
    payment_method_details: detailsOf(method),
    setup_error: null,
    setup_intent: intent.id,
    status: 'requires_action',
    usage: intent.usage,
  }).id
}

/** How a setup intent's last try ended. */
export function endAttempt(
  transaction: Transaction,
  { latest_attempt: id }: SetupIntent,
  end: { readonly status: 'abandoned' | 'failed' | 'succeeded'; readonly error?: SetupAttempt['setup_error'] },
): void {
  const { error = null, status } = end
  if (id !== null) transaction.patch('setup_attempts', id, { setup_error: error, status })
}

function detailsOf(method: Records['payment_methods']): SetupAttempt['payment_method_details'] {
  const { card, type } = method
  if (card === undefined) return { type, [type]: {} }
  const { brand, checks, country, exp_month, exp_year, fingerprint = null, funding, last4 } = card
  const shown = { brand, checks, country, exp_month, exp_year, fingerprint, funding, last4 }
  return { type, card: { ...shown, network: brand, three_d_secure: null, wallet: null } }
}

const list: Handler<Stripe.SetupAttemptListParams> = (transaction, { params }) => {
  refuseUnbuilt(params, ['created', 'setup_intent', 'limit', 'starting_after', 'ending_before'])
  const refer = { kind: 'setupintent', param: 'setup_intent' }
  const { id: key } = transaction.require('setup_intents', params.setup_intent, refer)
  const where = (attempt: SetupAttempt): boolean => isWithin(attempt.created, params.created)
  const page = transaction.page('setup_attempts', params, { index: 'setup_intent', key, where, kind: 'setupattempt' })
  return listReply(transaction, 'setup_attempts', { page, url: '/v1/setup_attempts' })
}

export const setupAttemptsHandlers: Handlers = { 'setup_attempts.list': list }
