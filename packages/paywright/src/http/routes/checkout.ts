import { createCheckout } from '../../engine/create-checkout.js'
import { BillingError } from '../../errors.js'
import type { CustomerQuestion, Route } from '../context.js'
import { onlyFields, optionalText, readJson, requiredText } from '../read-body.js'
import { json } from '../reply.js'
import type { UrlJson } from '../state-json.js'

const FIELDS = ['plan', 'interval', 'successPath', 'cancelPath']

/** `POST /checkout`: the page where the signed-in customer pays for a plan. */
export const postCheckout: Route<CustomerQuestion> = async ({ engine }, { request, customer }) => {
  const fields = await readJson(request)
  onlyFields(fields, FIELDS)
  const successPath = optionalText(fields, 'successPath')
  const cancelPath = optionalText(fields, 'cancelPath')
  const answer = await createCheckout(engine, {
    customerId: customer.id,
    email: customer.email ?? null,
    name: customer.name ?? null,
    plan: requiredText(fields, 'plan'),
    interval: requiredText(fields, 'interval'),
    ...(successPath !== undefined && { successPath }),
    ...(cancelPath !== undefined && { cancelPath }),
  })
  if (!answer.ok) throw new BillingError(answer.reason)
  return json({ url: answer.url } satisfies UrlJson)
}
