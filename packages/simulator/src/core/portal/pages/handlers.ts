import type { PageOutcome } from '../../checkout-sessions/submit.js'
import { changeCustomer, checkedEmail } from '../../customers/customers.js'
import type { Handler, Handlers } from '../../handler.js'
import { payOnPage } from '../../invoices/invoice-pages.js'
import { addCard, makeDefault, ownCard, removeCard, type CardForm } from './cards.js'
import { cancelInPortal, keepInPortal, type CancelForm } from './cancel.js'
import { changePlan, type ChangeRequest } from './change.js'
import { enterPortal, refusal, subscriptionIn } from './open.js'

const done: PageOutcome = { status: 'succeeded' }

const add: Handler<CardForm> = (transaction, { path, params }): PageOutcome => {
  const portal = enterPortal(transaction, path['id'])
  if (!portal.configuration.features.payment_method_update.enabled) throw refusal('Cards cannot be added here.')
  return addCard(transaction, portal, params)
}

const setDefault: Handler<{ readonly card: string }> = (transaction, { path, params }): PageOutcome => {
  const portal = enterPortal(transaction, path['id'])
  if (!portal.configuration.features.payment_method_update.enabled) throw refusal('Cards cannot be changed here.')
  makeDefault(transaction, portal.session.customer, ownCard(transaction, portal, params.card))
  return done
}

const remove: Handler<{ readonly card: string }> = (transaction, { path, params }): PageOutcome => {
  const portal = enterPortal(transaction, path['id'])
  if (!portal.configuration.features.payment_method_update.enabled) throw refusal('Cards cannot be removed here.')
  removeCard(transaction, portal, params.card)
  return done
}

const change: Handler<ChangeRequest> = (transaction, { path, params }): PageOutcome => {
  const portal = enterPortal(transaction, path['id'])
  const subscription = subscriptionIn(transaction, portal, params.subscription)
  return changePlan(transaction, portal, { subscription, price: params.price, at: params.at ?? transaction.now })
}

const cancel: Handler<CancelForm & { readonly subscription: string }> = (
  transaction,
  { path, params },
): PageOutcome => {
  const portal = enterPortal(transaction, path['id'])
  const subscription = subscriptionIn(transaction, portal, params.subscription)
  cancelInPortal(transaction, portal, { subscription, feedback: params.feedback, comment: params.comment })
  return done
}

const keep: Handler<{ readonly subscription: string }> = (transaction, { path, params }): PageOutcome => {
  const portal = enterPortal(transaction, path['id'])
  keepInPortal(transaction, portal, subscriptionIn(transaction, portal, params.subscription))
  return done
}

const pay: Handler<{ readonly invoice: string; readonly returnUrl: string }> = (
  transaction,
  { path, params },
): PageOutcome => {
  const portal = enterPortal(transaction, path['id'])
  const invoice = transaction.get('invoices', params.invoice)
  if (invoice === undefined || invoice.customer !== portal.session.customer) throw refusal('This invoice is not yours.')
  return payOnPage(transaction, invoice, { paymentMethod: null, returnUrl: params.returnUrl })
}

const updateCustomer: Handler<{ readonly name: string | null; readonly email: string | null }> = (
  transaction,
  { path, params },
): PageOutcome => {
  const portal = enterPortal(transaction, path['id'])
  const { allowed_updates: allowed, enabled } = portal.configuration.features.customer_update
  if (!enabled) throw refusal('Billing details cannot be changed here.')
  changeCustomer(transaction, portal.session.customer, {
    ...(allowed.includes('name') && { name: params.name }),
    ...(allowed.includes('email') && params.email !== null && { email: checkedEmail(params.email) }),
  })
  return done
}

export const portalPageHandlers: Handlers = {
  'portal_pages.add_card': add,
  'portal_pages.set_default_card': setDefault,
  'portal_pages.remove_card': remove,
  'portal_pages.change_plan': change,
  'portal_pages.cancel': cancel,
  'portal_pages.keep': keep,
  'portal_pages.pay_invoice': pay,
  'portal_pages.update_customer': updateCustomer,
}
