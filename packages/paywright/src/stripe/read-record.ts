import type { Stripe } from 'stripe'
import type { JsonObject } from '../domain/records.js'
import type { Seen } from '../domain/seen.js'
import type { RecordRequest } from '../engine/ports.js'
import { callOrNull } from './call.js'
import { type DiscountHolder, discountsOf } from './discounts.js'
import { rawOf } from './raw.js'
import { startReading } from './seen.js'

type Answer = Parameters<ReturnType<typeof startReading>['seen']>[0] & object

/** One record as it is now; `null` where it is gone. */
export async function readRecord(
  stripe: Stripe,
  request: RecordRequest,
): Promise<{ readonly object: JsonObject; readonly seen: Seen } | null> {
  const reading = startReading()
  const { kind } = request
  if (kind === 'discount') return readDiscount(stripe, request)
  const answer = await callOrNull(`${kind}.retrieve`, () => retrieve(stripe, { ...request, kind }))
  if (answer === null || ('deleted' in answer && answer.deleted === true)) return null
  return { object: rawOf(answer), seen: reading.seen(answer) }
}

function retrieve(
  stripe: Stripe,
  { kind, id, stripeCustomerId }: RecordRequest & { readonly kind: Exclude<RecordRequest['kind'], 'discount'> },
): Promise<Answer> {
  switch (kind) {
    case 'paymentIntent':
      return stripe.paymentIntents.retrieve(id)
    case 'charge':
      return stripe.charges.retrieve(id)
    case 'refund':
      return stripe.refunds.retrieve(id)
    case 'dispute':
      return stripe.disputes.retrieve(id)
    case 'creditNote':
      return stripe.creditNotes.retrieve(id)
    case 'checkoutSession':
      return stripe.checkout.sessions.retrieve(id)
    case 'taxId':
      return stripe.customers.retrieveTaxId(stripeCustomerId, id)
    case 'subscriptionSchedule':
      return stripe.subscriptionSchedules.retrieve(id)
    case 'invoiceLine':
    case 'activeEntitlement':
      throw new Error(`A ${kind} is read with its list.`)
    default:
      return kind satisfies never
  }
}

/** Stripe answers a discount only with what it was given to. */
async function readDiscount(
  stripe: Stripe,
  { id, stripeCustomerId, last }: RecordRequest,
): Promise<{ readonly object: JsonObject; readonly seen: Seen } | null> {
  const reading = startReading()
  const subscription = last?.['subscription']
  const holder = await callOrNull<Stripe.Response<DiscountHolder>>('discount.retrieve', () =>
    typeof subscription === 'string'
      ? stripe.subscriptions.retrieve(subscription, { expand: ['discounts', 'items.data.discounts'] })
      : stripe.customers.retrieve(stripeCustomerId),
  )
  if (holder === null) return null
  const found = discountsOf(holder).find((discount) => discount.id === id)
  return found === undefined ? null : { object: rawOf(found), seen: reading.seen(holder) }
}
