import { within } from '../../engine/within.js'
import type { HttpContext, Route } from '../context.js'
import { describeError } from '../../inbox/describe-error.js'
import type { ReceiveReport } from '../../engine/ports.js'
import { readBody } from '../read-body.js'
import { json } from '../reply.js'

/** Stripe waits longer than this; what is not done by then is done by the next worker. */
const PROCESSING_MILLISECONDS = 8000

/** Other work that is done in passing, so that a product without a worker of its own falls behind in nothing. */
const MOST_IN_PASSING = 20

/**
 * `POST /webhook`: verified, stored, answered. Whatever goes wrong after the receipt has committed is stored beside it and
 * does not change the answer: Stripe has done its part.
 */
export const postWebhook: Route = async (context, { request }) => {
  const body = await readBody(request)
  const receipt = await context.inbox.receive({ body, signature: request.headers.get('stripe-signature') })
  await workAfterwards(context, receipt)
  return json({ received: true })
}

async function workAfterwards(context: HttpContext, receipt: ReceiveReport): Promise<void> {
  const { engine, waitUntil } = context
  const work = process(context, receipt).catch((error: unknown) => {
    const { eventId, type } = receipt
    engine.log.warn('A stored webhook is processed later.', { eventId, type, error: describeError(error) })
  })
  if (waitUntil !== null) return waitUntil(work)
  await within(engine, { work, milliseconds: PROCESSING_MILLISECONDS, late: undefined })
}

async function process({ inbox }: HttpContext, { subject, isNew }: ReceiveReport): Promise<void> {
  // The worker of this process was told, and takes up together what comes together.
  if (inbox.isWorking()) return
  if (subject !== null && isNew) await inbox.workOn(subject)
  await inbox.work({ most: MOST_IN_PASSING })
}
