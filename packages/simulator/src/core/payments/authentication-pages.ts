import { successUrlOf } from '../checkout-sessions/session.js'
import { invalidRequest } from '../error.js'
import type { Handler, Handlers } from '../handler.js'
import { authenticatePaymentIntent } from './payment-intents.js'
import type { Records } from '../records.js'
import { authenticateSetupIntent } from './setup-intents.js'
import type { Transaction } from '../transaction.js'

/** What the bank's page shows of the payment or the setup that waits for its customer. */
export interface AuthenticationView {
  readonly id: string
  readonly isWaiting: boolean
  /** Nothing is paid when a card is only set up for later. */
  readonly amount: { readonly value: number; readonly currency: string } | null
  readonly card: { readonly brand: string; readonly last4: string } | null
  /** The type of what is paid with: a card’s bank asks for its owner, a wallet for consent. */
  readonly type: string
  readonly formToken: string
  /** Where the customer may go from here, by how it ends. */
  readonly returnUrls: readonly string[]
}

type Intent = Records['payment_intents'] | Records['setup_intents']

function intentOf(transaction: Transaction, id: string): Intent | undefined {
  return id.startsWith('seti_') ? transaction.get('setup_intents', id) : transaction.get('payment_intents', id)
}

export function authenticationView(transaction: Transaction, id: string): AuthenticationView | undefined {
  const intent = intentOf(transaction, id)
  if (intent === undefined) return undefined
  const method = intent.payment_method === null ? undefined : transaction.get('payment_methods', intent.payment_method)
  const card = method?.card
  return {
    id,
    isWaiting: intent.status === 'requires_action',
    amount: intent.object === 'payment_intent' ? { value: intent.amount, currency: intent.currency } : null,
    card: card === undefined ? null : { brand: card.brand, last4: card.last4 },
    type: method?.type ?? 'card',
    formToken: intent.client_secret ?? '',
    returnUrls: returnUrlsOf(transaction, intent),
  }
}

function checkoutOf(transaction: Transaction, intent: Intent): Records['checkout_sessions'] | undefined {
  const [order] = transaction.by('checkout_orders', 'intent', intent.id)
  return order && transaction.load('checkout_sessions', order.id)
}

function returnUrlsOf(transaction: Transaction, intent: Intent): string[] {
  const session = checkoutOf(transaction, intent)
  const urls = [returnUrlOf(transaction, intent), session === undefined ? null : successUrlOf(session)]
  return urls.filter((url) => url !== null)
}

/** Where the customer came from. */
function returnUrlOf(transaction: Transaction, intent: Intent): string | null {
  const given = intent.next_action?.redirect_to_url?.return_url
  if (given !== null && given !== undefined) return given
  const [payment] = transaction.by('invoice_payments', 'payment_intent', intent.id)
  return payment === undefined ? null : (transaction.load('invoices', payment.invoice).hosted_invoice_url ?? null)
}

export interface AuthenticationAnswer {
  /** `closed`: nobody waited for an answer any more. */
  readonly status: 'succeeded' | 'failed' | 'closed'
  readonly returnUrl: string | null
}

/** The customer pressed a button on the bank's page. */
const answer: Handler<{ readonly outcome: 'succeeded' | 'failed' }> = (
  transaction,
  { path, params },
): AuthenticationAnswer => {
  const intent = intentOf(transaction, path['id'] ?? '')
  if (intent === undefined) throw invalidRequest('There is nothing to authenticate.')
  const returnUrl = returnUrlOf(transaction, intent)
  if (intent.status !== 'requires_action') return { status: 'closed', returnUrl }
  const status = authenticate(transaction, intent, params.outcome).status === 'succeeded' ? 'succeeded' : 'failed'
  const session = checkoutOf(transaction, intent)
  if (session?.status === 'complete') return { status, returnUrl: successUrlOf(session) }
  return { status, returnUrl: returnUrl === null ? null : withOutcome(returnUrl, intent, status) }
}

function authenticate(transaction: Transaction, intent: Intent, outcome: 'succeeded' | 'failed'): { status: string } {
  return intent.object === 'payment_intent'
    ? authenticatePaymentIntent(transaction, intent.id, outcome)
    : authenticateSetupIntent(transaction, intent.id, outcome)
}

/** The page that the customer goes back to is told how it went, as Stripe tells it. */
function withOutcome(
  returnUrl: string,
  { id, object, client_secret: secret }: Intent,
  status: 'succeeded' | 'failed',
): string {
  const [address = '', fragment] = returnUrl.split('#')
  const query = `${object}=${id}&${object}_client_secret=${secret ?? ''}&redirect_status=${status}`
  return `${address}${address.includes('?') ? '&' : '?'}${query}${fragment === undefined ? '' : `#${fragment}`}`
}

export const authenticationPageHandlers: Handlers = { 'authentication_pages.answer': answer }
