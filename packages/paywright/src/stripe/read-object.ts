import type { Stripe } from 'stripe'
import type { ObjectRef, Renewal } from '../domain/sync-decision.js'
import { callOrNull } from './call.js'
import { linesOf } from './list-lines.js'
import { toMirrorObject } from './read-event.js'
import { startReading } from './seen.js'

/** One object as it is now; `null` where it is gone, is not the customer's any more, or is not answered whole. */
export async function readObject(stripe: Stripe, { kind, id }: ObjectRef): Promise<Renewal | null> {
  const reading = startReading()
  const answer = await callOrNull(`${kind}.retrieve`, () => retrieve(stripe, { kind, id }))
  if (answer === null || ('deleted' in answer && answer.deleted)) return null
  const now = toMirrorObject(answer, answer.object === 'invoice' ? await linesOf(stripe, answer) : null)
  return now === null ? null : { now, seen: reading.seen(answer) }
}

type Answer = Stripe.Customer | Stripe.DeletedCustomer | Stripe.Subscription | Stripe.Invoice | Stripe.PaymentMethod

function retrieve(stripe: Stripe, { kind, id }: ObjectRef): Promise<Stripe.Response<Answer>> {
  switch (kind) {
    case 'customer':
      return stripe.customers.retrieve(id)
    case 'subscription':
      return stripe.subscriptions.retrieve(id)
    case 'invoice':
      return stripe.invoices.retrieve(id)
    case 'paymentMethod':
      return stripe.paymentMethods.retrieve(id)
    default:
      return kind satisfies never
  }
}
