import { readCustomerFacts } from '../../engine/read-customer.js'
import type { CustomerQuestion, Route } from '../context.js'
import { describeInvoice } from '../describe-state.js'
import { json } from '../reply.js'
import type { InvoicesJson } from '../state-json.js'

/** `GET /invoices`: those of the signed-in customer, newest first. */
export const getInvoices: Route<CustomerQuestion> = async ({ engine }, { customer }) => {
  const { invoices } = await readCustomerFacts(engine, customer.id)
  return json({ invoices: invoices.map(describeInvoice) } satisfies InvoicesJson)
}
