import type Stripe from 'stripe'
import { checkedEmail } from '../customers/customers.js'
import { invalidRequest } from '../error.js'
import { mergeMetadata } from '../metadata.js'
import { refuseBadAmount, unexpectedState } from './payment-intent-rules.js'
import type { Records } from '../records.js'
import { shippingOf } from '../customers/shipping.js'

type PaymentIntent = Records['payment_intents']
type Fields = Partial<PaymentIntent>

/** The parameters that can be set at any time before the payment. */
export const UPDATABLE = [
  'allowed_payment_method_types',
  'amount',
  'capture_method',
  'currency',
  'customer',
  'description',
  'excluded_payment_method_types',
  'metadata',
  'payment_details',
  'payment_method',
  'payment_method_data',
  'payment_method_options',
  'receipt_email',
  'setup_future_usage',
  'shipping',
  'statement_descriptor',
  'statement_descriptor_suffix',
  'transfer_group',
]

/** The fields of a new payment intent beyond amount and customer. Captures are asynchronous unless asked otherwise. */
export function initialFields(params: Stripe.PaymentIntentCreateParams): Fields {
  const { confirmation_method: method } = params
  const captured = { capture_method: 'automatic_async' as const }
  return { ...captured, ...(method !== undefined && { confirmation_method: method }), ...sharedFields(params) }
}

const WAITING = ['requires_payment_method', 'requires_confirmation', 'requires_action']

/** The fields that an update sets; most of them only while the payment has not been made. */
export function changedFields(before: PaymentIntent, params: Stripe.PaymentIntentUpdateParams): Fields {
  refuseLate(before, params)
  const { amount = before.amount, currency = before.currency, description, metadata } = params
  if (params.amount !== undefined || params.currency !== undefined) refuseBadAmount({ amount, currency })
  return {
    amount,
    currency: currency.toLowerCase(),
    metadata: mergeMetadata(before.metadata, metadata),
    ...(description !== undefined && { description: description || null }),
    ...sharedFields(params),
  }
}

function refuseLate(before: PaymentIntent, params: Stripe.PaymentIntentUpdateParams): void {
  if (WAITING.includes(before.status)) return
  const late = Object.entries(params).find(
    ([name, value]) => value !== undefined && !['description', 'expand', 'metadata', 'receipt_email'].includes(name),
  )
  if (late === undefined) return
  const message =
    `This PaymentIntent's ${late[0]} could not be updated because it has a status of ${before.status}. You may only update ` +
    `the ${late[0]} of a PaymentIntent with one of the following statuses: ${WAITING.join(', ')}.`
  throw unexpectedState(before, message)
}

function sharedFields(params: Stripe.PaymentIntentCreateParams | Stripe.PaymentIntentUpdateParams): Fields {
  const { capture_method: capture, receipt_email: receipt, setup_future_usage: usage, shipping } = params
  const {
    statement_descriptor: descriptor,
    statement_descriptor_suffix: suffix,
    payment_details: details,
    transfer_group: group,
  } = params
  return {
    ...(capture !== undefined && { capture_method: capture }),
    ...(receipt !== undefined && { receipt_email: checkedEmail(receipt || undefined, 'receipt_email') }),
    ...(usage !== undefined && { setup_future_usage: usage === '' || usage === null ? null : usage }),
    ...(shipping !== undefined && { shipping: shippingOf(shipping) }),
    ...descriptorFields({ statement_descriptor: descriptor, statement_descriptor_suffix: suffix }),
    ...(group !== undefined && { transfer_group: group }),
    ...(details !== undefined && { payment_details: detailsOf(details) }),
  }
}

type Descriptors = Pick<Stripe.PaymentIntentCaptureParams, 'statement_descriptor' | 'statement_descriptor_suffix'>

/** What the customer's statement is to say, as far as a request tells. */
export function descriptorFields({
  statement_descriptor: descriptor,
  statement_descriptor_suffix: suffix,
}: { readonly [Key in keyof Descriptors]: Descriptors[Key] | undefined }): Pick<
  Fields,
  'statement_descriptor' | 'statement_descriptor_suffix'
> {
  return {
    ...(descriptor !== undefined && { statement_descriptor: checkedDescriptor(descriptor, 'statement_descriptor') }),
    ...(suffix !== undefined && {
      statement_descriptor_suffix: checkedDescriptor(suffix, 'statement_descriptor_suffix'),
    }),
  }
}

function detailsOf(
  details: Stripe.PaymentIntentUpdateParams['payment_details'],
): NonNullable<PaymentIntent['payment_details']> {
  const { customer_reference: customer, order_reference: order } = details || {}
  return { customer_reference: customer || null, order_reference: order || null }
}

/** https://docs.stripe.com/get-started/account/statement-descriptors */
function checkedDescriptor(text: string, param: string): string | null {
  if (text === '') return null
  if (text.length <= 22 && /[a-z]/i.test(text) && !/[<>\\'"*]/.test(text)) return text
  const message = 'The statement descriptor must have at most 22 characters, at least one letter, and none of <>\\\'"*.'
  throw invalidRequest(message, { param })
}
