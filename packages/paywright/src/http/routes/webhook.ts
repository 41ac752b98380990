import { within } from '../../engine/within.js'
import type { HttpContext, Route } from '../context.js'
import { readBody } from '../read-body.js'
import { json } from '../reply.js'

/** Stripe waits longer than this; what is not done by then is done by the next worker. */
const PROCESSING_MILLISECONDS = 8000

/**
 * `POST /webhook`: verified, stored, answered. Whatever goes wrong after the receipt has committed is stored beside it and
 * does not change the answer: Stripe has done its part.
 */
export const postWebhook: Route = async (context, { request }) => {
  const body = await readBody(request)
  const { subject } = await context.inbox.receive({ body, signature: request.headers.get('stripe-signature') })
  if (subject !== null) await processAfterwards(context, subject)
  return json({ received: true })
}

async function processAfterwards(context: HttpContext, subject: string): Promise<void> {
  const { engine, inbox, waitUntil } = context
  const work = inbox.process(subject).catch((error: unknown) => {
    engine.log.error('A stored webhook could not be processed; it is tried again.', { subject, error: String(error) })
  })
  if (waitUntil !== null) return waitUntil(work)
  await within(engine, { work, milliseconds: PROCESSING_MILLISECONDS, late: undefined })
}
