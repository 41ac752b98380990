import type { Stripe } from 'stripe'
import type { CustomerPage } from '../engine/ports.js'
import { callOrNull } from './call.js'
import { PAGE_SIZE } from './read-all.js'

/**
 * A page of customers, the newest first. A place is the last customer's id and when it was created: where that customer
 * was deleted in the meantime, the list goes on at that second, and what is listed again does no harm.
 */
export async function listCustomers(stripe: Stripe, { after }: { after: string | null }): Promise<CustomerPage> {
  const [id = '', created = ''] = after?.split('@') ?? []
  const list = (where: Stripe.CustomerListParams) =>
    callOrNull('customers.list', () => stripe.customers.list({ ...where, limit: PAGE_SIZE }))
  const first = await list(after === null ? {} : { starting_after: id })
  const page = first ?? (await list({ created: { lte: Number(created) } }))
  if (page === null) return { stripeCustomerIds: [], next: null }
  const last = page.data.at(-1)
  const next = page.has_more && last !== undefined ? `${last.id}@${last.created}` : null
  return { stripeCustomerIds: page.data.map((customer) => customer.id), next }
}
