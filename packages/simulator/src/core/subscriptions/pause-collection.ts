import { invalidRequest } from '../error.js'
import { markUncollectible, voidInvoice } from '../invoices/close.js'
import type { Invoice } from '../invoices/create.js'
import { finalizeInvoice } from '../invoices/finalize.js'
import type { Transaction } from '../transaction.js'
import type { Subscription } from './items.js'
import { armTimers } from './timers.js'

type Pause = { readonly behavior: string; readonly resumes_at?: number }

/** What a request says about the collection of the invoices to come. https://docs.stripe.com/billing/subscriptions/pause-payment */
export function readPauseCollection(
  asked: Pause | '' | null | undefined,
  now: number,
): Pick<Subscription, 'pause_collection'> | undefined {
  if (asked === undefined) return undefined
  if (asked === '' || asked === null) return { pause_collection: null }
  const { behavior, resumes_at: resumesAt = null } = asked
  if (resumesAt !== null && resumesAt <= now) {
    const message = 'Invalid timestamp: must be an integer Unix timestamp in the future.'
    throw invalidRequest(message, { param: 'pause_collection[resumes_at]' })
  }
  return { pause_collection: { behavior, resumes_at: resumesAt } }
}

/** While collection is paused an invoice is written and then let go. */
export function collectPaused(transaction: Transaction, invoice: Invoice, subscription: Subscription): Invoice {
  const behavior = subscription.pause_collection?.behavior
  if (behavior === undefined || behavior === 'keep_as_draft') return invoice
  const { status } = finalizeInvoice(transaction, invoice.id)
  if (status !== 'open') return transaction.load('invoices', invoice.id)
  return behavior === 'void' ? voidInvoice(transaction, invoice.id) : markUncollectible(transaction, invoice.id)
}

/** The day has come on which collection goes on. Invoices written in between stay as they are. */
export function resumeCollectionWhenDue(transaction: Transaction, timer: { readonly subject: string }): void {
  const before = transaction.get('subscriptions', timer.subject)
  const at = before?.pause_collection?.resumes_at ?? null
  if (before === undefined || at === null || at > transaction.now) return
  const after = transaction.patch('subscriptions', before.id, { pause_collection: null })
  armTimers(transaction, after)
  transaction.emitChange('customer.subscription.updated', 'subscriptions', { before, after })
}
