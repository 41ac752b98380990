import { BillingError } from '../errors.js'

/** What the SDK answers for a list: it can read on from page to page. */
interface Pages<Entry> {
  autoPagingToArray(options: { limit: number }): Promise<Entry[]>
}

export interface ReadBound {
  /** What is read, for the error message. */
  readonly kind: string
  readonly limit: number
}

/** Stripe's largest page. */
export const PAGE_SIZE = 100

/** All entries of a list. Where there are more than the bound, half an answer would be a wrong one, so it is a fault. */
export async function readAll<Entry>(pages: Pages<Entry>, { kind, limit }: ReadBound): Promise<readonly Entry[]> {
  const entries = await pages.autoPagingToArray({ limit: limit + 1 })
  if (entries.length <= limit) return entries
  throw new BillingError('stripe_read_too_large', { detail: `There are more than ${limit} ${kind}.` })
}
