import type { TypedCard } from '../../checkout-sessions/form.js'
import type { PageOutcome } from '../../checkout-sessions/outcome.js'
import { setDefaultPaymentMethod } from '../../customers/customers.js'
import { createCard, detachPaymentMethod } from '../../payments/payment-methods.js'
import { confirmSetupIntent, createSetupIntent } from '../../payments/setup-intents.js'
import { isEnded } from '../../subscriptions/end.js'
import { updateSubscription } from '../../subscriptions/index.js'
import type { Transaction } from '../../transaction.js'
import { refusal, type Portal } from './open.js'

export interface CardForm {
  readonly card: TypedCard
  readonly name: string | null
  readonly country: string | null
  /** Where the bank sends the customer back to. */
  readonly returnUrl: string
}

/** Adds a card; when its bank agrees, it is what pays from now on. */
export function addCard(transaction: Transaction, { session }: Portal, form: CardForm): PageOutcome {
  const { customer: id } = session
  const { email } = transaction.load('customers', id)
  const billingDetails = {
    ...(email !== null && { email }),
    ...(form.name !== null && { name: form.name }),
    ...(form.country !== null && { address: { country: form.country } }),
  }
  const { id: paymentMethod } = createCard(transaction, { ...form.card, billingDetails })
  const { id: intent } = createSetupIntent(transaction, { customer: id, usage: 'off_session' })
  transaction.put('portal_setups', { id: intent, customer: id })
  const { status, error } = confirmSetupIntent(transaction, intent, { paymentMethod, returnUrl: form.returnUrl })
  if (status === 'succeeded') return { status }
  if (status === 'requires_action') return { status, intent }
  if (error === undefined) throw new Error(`The setup ${intent} failed without a reason.`)
  return { status, error }
}

/** The bank agreed to a card that was added in the portal, at once or after it had seen the customer. */
export function onPortalSetUp(transaction: Transaction, { setupIntent }: { readonly setupIntent: string }): void {
  const setup = transaction.get('portal_setups', setupIntent)
  const paymentMethod = transaction.load('setup_intents', setupIntent).payment_method
  if (setup !== undefined && paymentMethod !== null) makeDefault(transaction, setup.customer, paymentMethod)
}

/** The card pays for all that the customer has: also for subscriptions that named a card of their own. */
export function makeDefault(transaction: Transaction, customer: string, paymentMethod: string): void {
  setDefaultPaymentMethod(transaction, customer, paymentMethod)
  for (const subscription of transaction.by('subscriptions', 'customer', customer)) {
    const { default_payment_method: own } = subscription
    if (isEnded(subscription) || own === null || own === paymentMethod) continue
    updateSubscription(transaction, subscription.id, { default_payment_method: paymentMethod })
  }
}

export function ownCard(transaction: Transaction, { session }: Portal, id: string): string {
  if (transaction.get('payment_methods', id)?.customer === session.customer) return id
  throw refusal('This card is no longer there.')
}

/** Removes a card, unless it is the one that pays. */
export function removeCard(transaction: Transaction, portal: Portal, id: string): void {
  const { customer } = portal.session
  const live = transaction.by('subscriptions', 'customer', customer).filter((subscription) => !isEnded(subscription))
  const isDefault = transaction.load('customers', customer).invoice_settings.default_payment_method === id
  if ((isDefault && live.length > 0) || live.some((subscription) => subscription.default_payment_method === id)) {
    throw refusal('This card pays for your plan. Add another card first.')
  }
  detachPaymentMethod(transaction, ownCard(transaction, portal, id))
}
