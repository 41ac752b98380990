import type { Stripe } from 'stripe'
import { call } from './call.js'
import { PAGE_SIZE, readAll } from './read-all.js'

const MOST_LINES = 10_000

/** All lines of an invoice: Stripe puts the first ones into it, and says whether there are more. */
export async function linesOf(
  stripe: Stripe,
  { id, lines }: Pick<Stripe.Invoice, 'id' | 'lines'>,
): Promise<readonly Stripe.InvoiceLineItem[]> {
  return lines.has_more ? listLines(stripe, id) : lines.data
}

function listLines(stripe: Stripe, stripeInvoiceId: string): Promise<readonly Stripe.InvoiceLineItem[]> {
  return call('invoices.listLineItems', () =>
    readAll(stripe.invoices.listLineItems(stripeInvoiceId, { limit: PAGE_SIZE }), {
      kind: 'lines of an invoice',
      limit: MOST_LINES,
    }),
  )
}
