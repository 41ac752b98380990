import type { PageOutcome } from '../../checkout-sessions/outcome.js'
import { removeTaxId } from '../../customers/tax-ids.js'
import type { Handler, Handlers } from '../../handler.js'
import { payOnPage } from '../../invoices/invoice-pages.js'
import type { Transaction } from '../../transaction.js'
import type { Subscription } from '../../subscriptions/items.js'
import { addCard, makeDefault, ownCard, removeCard, type CardForm } from './cards.js'
import { acceptOffer, cancelInPortal, keepInPortal, withoutSchedule, type CancelForm } from './cancel.js'
import { changePlan, type ChangeRequest } from './change.js'
import { addTaxId, ownTaxId, updateDetails, type DetailsForm } from './details.js'
import { logIn } from './login.js'
import { enterPortal, refusal, subscriptionIn, type Portal } from './open.js'
import { pauseInPortal, resumeInPortal } from './pause.js'

const done: PageOutcome = { status: 'succeeded' }

/** A command of an open portal. */
function inPortal<Params>(
  carryOut: (transaction: Transaction, portal: Portal, params: Params) => PageOutcome | void,
): Handler<Params> {
  return (transaction, { path, params }) => carryOut(transaction, enterPortal(transaction, path['id']), params) ?? done
}

interface About {
  readonly subscription: string
}

/** A command about one of the customer's subscriptions. */
function onPlan<Params extends About>(
  carryOut: (
    transaction: Transaction,
    portal: Portal,
    about: Params & { readonly plan: Subscription },
  ) => PageOutcome | void,
): Handler<Params> {
  return inPortal<Params>((transaction, portal, params) =>
    carryOut(transaction, portal, { ...params, plan: subscriptionIn(transaction, portal, params.subscription) }),
  )
}

function requireCardUpdates({ configuration }: Portal): void {
  if (!configuration.features.payment_method_update.enabled) throw refusal('Cards cannot be changed here.')
}

export const portalPageHandlers: Handlers = {
  'portal_pages.accept_offer': onPlan((transaction, portal, { plan }) => acceptOffer(transaction, portal, plan)),
  'portal_pages.add_card': inPortal<CardForm>((transaction, portal, form) => {
    requireCardUpdates(portal)
    return addCard(transaction, portal, form)
  }),
  'portal_pages.add_tax_id': inPortal<{ readonly type: string; readonly value: string }>(addTaxId),
  'portal_pages.cancel': onPlan<About & CancelForm>((transaction, portal, { plan, feedback, comment }) =>
    cancelInPortal(transaction, portal, { subscription: plan, feedback, comment }),
  ),
  'portal_pages.change_plan': onPlan<ChangeRequest>((transaction, portal, { plan, at, ...wish }) =>
    changePlan(transaction, portal, { subscription: plan, wish, at: at ?? transaction.now }),
  ),
  'portal_pages.drop_change': onPlan((transaction, _portal, { plan }) => {
    withoutSchedule(transaction, plan)
  }),
  'portal_pages.keep': onPlan((transaction, portal, { plan }) => keepInPortal(transaction, portal, plan)),
  'portal_pages.log_in': logIn,
  'portal_pages.pause': onPlan<About & { readonly choice: number }>((transaction, portal, { plan, choice }) =>
    pauseInPortal(transaction, portal, { subscription: plan, choice }),
  ),
  'portal_pages.pay_invoice': inPortal<{ readonly invoice: string; readonly returnUrl: string }>(
    (transaction, { session }, { invoice: id, returnUrl }) => {
      const invoice = transaction.get('invoices', id)
      if (invoice === undefined || invoice.customer !== session.customer) throw refusal('This invoice is not yours.')
      return payOnPage(transaction, invoice, { paymentMethod: null, returnUrl })
    },
  ),
  'portal_pages.remove_card': inPortal<{ readonly card: string }>((transaction, portal, { card }) => {
    requireCardUpdates(portal)
    removeCard(transaction, portal, card)
  }),
  'portal_pages.remove_tax_id': inPortal<{ readonly taxId: string }>((transaction, portal, { taxId }) => {
    removeTaxId(transaction, ownTaxId(transaction, portal, taxId))
  }),
  'portal_pages.resume': onPlan((transaction, portal, { plan }) => resumeInPortal(transaction, portal, plan)),
  'portal_pages.set_default_card': inPortal<{ readonly card: string }>((transaction, portal, { card }) => {
    requireCardUpdates(portal)
    makeDefault(transaction, portal.session.customer, ownCard(transaction, portal, card))
  }),
  'portal_pages.update_customer': inPortal<DetailsForm>(updateDetails),
}
