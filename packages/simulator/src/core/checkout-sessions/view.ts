import { settingsOf } from '../account-settings.js'
import type { StripeErrorBody } from '../error.js'
import { cardsOf, errorBodyOf, type CardView } from '../page-views.js'
import type { Transaction } from '../transaction.js'
import { wantsOf, type Wants } from './wants.js'
import { asksForPayment, dueNow } from './due.js'
import {
  discountViews,
  nextCharge,
  orderLine,
  type DiscountView,
  type NextCharge,
  type OrderLine,
} from './order-view.js'
import { saleOf } from './purchase.js'
import { successUrlOf, type CheckoutSession } from './session.js'
import { trialEndOf } from './timing.js'

export type { OrderLine } from './order-view.js'

export interface ShippingChoice {
  readonly rate: string
  readonly name: string
  readonly value: number
  readonly isChosen: boolean
}

/** What the Checkout page shows. */
export interface CheckoutView {
  readonly id: string
  readonly now: number
  readonly formToken: string
  readonly status: 'open' | 'complete' | 'expired'
  readonly mode: 'payment' | 'setup' | 'subscription'
  readonly businessName: string
  /** `null` when the page itself says that all is done. */
  readonly successUrl: string | null
  readonly cancelUrl: string | null
  /** Where a copy of an expired session opens. */
  readonly recoveryUrl: string | null
  readonly currency: string
  readonly lines: readonly OrderLine[]
  /** What may be added to the order. */
  readonly offers: readonly OrderLine[]
  readonly discounts: readonly DiscountView[]
  readonly discount: number
  /** Before anything is put on or taken off, and without what a trial does not charge yet. */
  readonly subtotal: number
  readonly tax: number
  readonly taxStatus: string | null
  readonly shipping: number
  readonly shippingChoices: readonly ShippingChoice[]
  readonly dueNow: number
  /** What the customer's own balance takes off. */
  readonly credit: number
  readonly trial: { readonly end: number } | null
  readonly next: NextCharge | null
  readonly asksForPayment: boolean
  readonly methods: readonly string[]
  readonly savedCards: readonly CardView[]
  readonly canSave: boolean
  /** Known already, and not to be changed on the page. */
  readonly email: string | null
  readonly takesCodes: boolean
  readonly submitType: string | null
  readonly wants: Wants
  /** What the page says when all is done and it leads nowhere. */
  readonly thanks: string | null
  readonly lastError: StripeErrorBody | null
  /** The type of what was last tried to pay with. */
  readonly lastMethod: string | null
  /** A bank that waits for the customer. */
  readonly waitingIntent: string | null
}

export function checkoutView(transaction: Transaction, id: string): CheckoutView | undefined {
  const session = transaction.get('checkout_sessions', id)
  if (session === undefined) return undefined
  const { now } = transaction
  transaction.enterClockOf(session.customer)
  const order = transaction.load('checkout_orders', id)
  const trialEnd = trialEndOf(order.asked.subscription_data, transaction.now)
  const due = dueNow(transaction, session)
  return {
    id,
    now,
    formToken: order.formToken,
    status: session.status === 'complete' ? 'complete' : session.status === 'expired' ? 'expired' : 'open',
    mode: session.mode === 'setup' ? 'setup' : session.mode === 'payment' ? 'payment' : 'subscription',
    businessName: session.branding_settings?.display_name || settingsOf(transaction).businessName,
    successUrl: successUrlOf(session),
    cancelUrl: session.cancel_url,
    recoveryUrl: session.after_expiration?.recovery?.url ?? null,
    ...costsOf(transaction, session),
    dueNow: due,
    credit: Math.max(0, (session.amount_total ?? 0) - due),
    trial: trialEnd === null ? null : { end: trialEnd },
    asksForPayment: asksForPayment(transaction, session),
    methods: session.payment_method_types,
    savedCards: savedCardsOf(transaction, session),
    canSave: session.saved_payment_method_options?.payment_method_save === 'enabled' && session.mode === 'payment',
    email: session.customer_details?.email ?? null,
    takesCodes: session.allow_promotion_codes === true,
    submitType: session.submit_type,
    wants: wantsOf(session),
    thanks: thanksOf(transaction, session),
    ...attemptOf(transaction, order.attempt?.intent ?? null),
  }
}

type Costs = Pick<
  CheckoutView,
  | 'currency'
  | 'discount'
  | 'discounts'
  | 'lines'
  | 'next'
  | 'offers'
  | 'shipping'
  | 'shippingChoices'
  | 'subtotal'
  | 'tax'
  | 'taxStatus'
>

function costsOf(transaction: Transaction, session: CheckoutSession): Costs {
  const order = transaction.load('checkout_orders', session.id)
  const sale = saleOf(session, order)
  const trialEnd = trialEndOf(order.asked.subscription_data, transaction.now)
  const { total_details: details, shipping_cost: cost } = session
  return {
    currency: session.currency ?? 'usd',
    lines: order.lineItems.map((item) => orderLine(transaction, sale, item)),
    offers: order.optionalItems
      .filter(({ id }) => !order.lineItems.some((item) => item.id === id))
      .map((item) => orderLine(transaction, sale, item)),
    discounts: discountViews(transaction, session),
    discount: details?.amount_discount ?? 0,
    subtotal: session.amount_subtotal ?? 0,
    tax: details?.amount_tax ?? 0,
    taxStatus: session.automatic_tax.status,
    shipping: cost?.amount_total ?? 0,
    shippingChoices: session.shipping_options.map(({ shipping_amount: value, shipping_rate: rate }) => ({
      rate,
      name: transaction.get('shipping_rates', rate)?.display_name ?? '',
      value,
      isChosen: cost?.shipping_rate === rate,
    })),
    next: session.status === 'open' ? nextCharge(transaction, session, { sale, trialEnd }) : null,
  }
}

/** The customer's cards that they agreed to see again; Stripe shows no others. */
function savedCardsOf(transaction: Transaction, session: CheckoutSession): CardView[] {
  const { customer, mode, saved_payment_method_options: options } = session
  if (customer === null || mode === 'setup' || !session.payment_method_types.includes('card')) return []
  const filters = options?.allow_redisplay_filters ?? ['always']
  return cardsOf(transaction, customer).filter(({ id }) => {
    const { allow_redisplay: allowed } = transaction.load('payment_methods', id)
    return allowed !== undefined && filters.some((filter) => filter === allowed)
  })
}

function thanksOf(transaction: Transaction, { payment_link: id, custom_text: text }: CheckoutSession): string | null {
  const link = id === null ? undefined : transaction.get('payment_links', id)
  return link?.after_completion.hosted_confirmation?.custom_message ?? text.after_submit?.message ?? null
}

/** How the last attempt stands, for a page that is opened again. */
function attemptOf(
  transaction: Transaction,
  id: string | null,
): Pick<CheckoutView, 'lastError' | 'lastMethod' | 'waitingIntent'> {
  const intent =
    id === null ? undefined : (transaction.get('payment_intents', id) ?? transaction.get('setup_intents', id))
  if (intent === undefined) return { lastError: null, lastMethod: null, waitingIntent: null }
  const error = intent.object === 'payment_intent' ? intent.last_payment_error : intent.last_setup_error
  const waits = intent.status === 'requires_action'
  return {
    lastError: errorBodyOf(error),
    lastMethod: error?.payment_method?.type ?? null,
    waitingIntent: waits ? intent.id : null,
  }
}
