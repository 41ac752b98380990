import { openPortal, PORTAL_PAGES, type PortalPage } from '../../engine/open-portal.js'
import { BillingError } from '../../errors.js'
import type { CustomerQuestion, Route } from '../context.js'
import { onlyFields, optionalText, readJson } from '../read-body.js'
import { json } from '../reply.js'
import type { UrlJson } from '../state-json.js'

/** `POST /portal`: an address of Stripe's portal for the signed-in customer. */
export const postPortal: Route<CustomerQuestion> = async ({ engine }, { request, customer }) => {
  const fields = await readJson(request)
  onlyFields(fields, ['returnPath', 'flow'])
  const returnPath = optionalText(fields, 'returnPath')
  const flow = toPage(optionalText(fields, 'flow'))
  const { url } = await openPortal(engine, {
    customerId: customer.id,
    ...(returnPath !== undefined && { returnPath }),
    ...(flow !== undefined && { flow }),
  })
  return json({ url } satisfies UrlJson)
}

function toPage(name: string | undefined): PortalPage | undefined {
  if (name === undefined) return undefined
  const page = PORTAL_PAGES.find((candidate) => candidate === name)
  if (page !== undefined) return page
  throw new BillingError('body_invalid', { detail: `"flow" is one of: ${PORTAL_PAGES.join(', ')}.` })
}
