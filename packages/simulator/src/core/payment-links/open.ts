import { openSession } from '../checkout-sessions/create.js'
import { pageOf, type CheckoutSession } from '../checkout-sessions/session.js'
import type { CreateParams as SessionParams } from '../checkout-sessions/create-params.js'
import { settingsOf } from '../account-settings.js'
import type { Handler } from '../handler.js'
import type { PaymentLinkOrder } from '../private-records.js'
import type { Transaction } from '../transaction.js'
import { sessionLike, type Mode, type PaymentLink } from './payment-link.js'

/** Whoever comes by a link gets a session of their own. */
export function sessionParams({ asked, lineItems }: PaymentLinkOrder): SessionParams {
  const mode = modeOf(lineItems)
  const { after_completion: after, currency, payment_method_types: types, shipping_options: shipping } = asked
  const { optional_items: optional } = asked
  const redirect = after?.type === 'redirect' ? after.redirect?.url : undefined
  return {
    ...sessionLike(asked, mode),
    line_items: lineItems.map(({ adjustable_quantity: bounds, price, quantity }) => ({
      price: price?.id ?? '',
      ...(quantity !== null && { quantity }),
      ...(bounds !== null && {
        adjustable_quantity: { enabled: true, maximum: bounds.maximum ?? 99, minimum: bounds.minimum ?? 0 },
      }),
    })),
    ...(optional !== undefined && { optional_items: optional }),
    ...(currency !== undefined && { currency }),
    ...(types !== undefined && { allowed_payment_method_types: types }),
    ...(shipping !== undefined && { shipping_options: shipping }),
    ...(asked.metadata && { metadata: asked.metadata }),
    ...(mode === 'payment' && asked.customer_creation !== undefined && { customer_creation: asked.customer_creation }),
    ...(mode === 'subscription' &&
      asked.payment_method_collection !== undefined && { payment_method_collection: asked.payment_method_collection }),
    ...(redirect !== undefined && { success_url: redirect }),
  }
}

export function modeOf(items: PaymentLinkOrder['lineItems']): Mode {
  return items.some(({ price }) => price?.type === 'recurring') ? 'subscription' : 'payment'
}

/** What the address of a link may say beside the link. https://docs.stripe.com/payment-links/url-parameters */
export interface Prefilled extends Record<string, unknown> {
  readonly email?: string
  readonly reference?: string
}

export type Opened =
  | { readonly status: 'opened'; readonly url: string }
  | { readonly status: 'inactive'; readonly message: string | null }
  | { readonly status: 'unknown' }

/** Somebody opens the link. */
export const openLink: Handler<Prefilled> = (transaction, { path, params }): Opened => {
  const [link] = transaction.by('payment_links', 'page', path['id'] ?? '')
  if (link === undefined) return { status: 'unknown' }
  if (!link.active) return { status: 'inactive', message: link.inactive_message }
  const session = sessionOf(transaction, link, params)
  return { status: 'opened', url: session.url ?? pageOf(settingsOf(transaction).origin, session.id) }
}

function sessionOf(transaction: Transaction, { id }: PaymentLink, { email, reference }: Prefilled): CheckoutSession {
  const asked = sessionParams(transaction.load('payment_link_orders', id))
  const prefilled = {
    ...(email !== undefined && { customer_email: email }),
    ...(reference !== undefined && { client_reference_id: reference }),
  }
  return openSession(transaction, { ...asked, ...prefilled }, { paymentLink: id })
}
