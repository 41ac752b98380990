import type { Handler, Handlers } from '../handler.js'
import { noSuch } from '../error.js'
import { recordInPath } from '../lookup.js'
import type { Transaction } from '../transaction.js'
import { endDiscount } from './end.js'

const removeFromCustomer: Handler = (transaction, { path }) => {
  const customer = recordInPath(transaction, 'customers', { id: path['customer'], kind: 'customer', param: 'customer' })
  transaction.enterClockOf(customer.id)
  return removed(transaction, customer.discount?.id)
}

/** Takes all discounts off a subscription; the answer tells of the first. */
const removeFromSubscription: Handler = (transaction, { path }) => {
  const words = { id: path['subscription'], kind: 'subscription', param: 'subscription' }
  const subscription = recordInPath(transaction, 'subscriptions', words)
  transaction.enterClockOf(subscription.customer)
  const [first, ...others] = subscription.discounts
  const reply = removed(transaction, first)
  for (const id of others) endDiscount(transaction, id)
  return reply
}

function removed(transaction: Transaction, id: string | undefined): unknown {
  if (id === undefined) throw noSuch('discount', '', { param: 'id', status: 404 })
  endDiscount(transaction, id)
  const { end: _end, endedAt: _endedAt, ...discount } = transaction.load('discounts', id)
  return { ...discount, deleted: true }
}

export const discountsHandlers: Handlers = {
  'customers.delete_discount': removeFromCustomer,
  'subscriptions.delete_discount': removeFromSubscription,
}
