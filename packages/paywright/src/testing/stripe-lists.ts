import type Stripe from 'stripe'

/** A bound against a list that never ends; tests make far less. */
const MOST_OBJECTS = 10_000

export function everyPage<Item>(list: Stripe.ApiListPromise<Item>): Promise<Item[]> {
  return list.autoPagingToArray({ limit: MOST_OBJECTS })
}

export function idOf(reference: string | { readonly id: string } | null | undefined): string | null {
  return typeof reference === 'string' ? reference : (reference?.id ?? null)
}

/** The object as JSON says it: the SDK makes numbers of its own of decimals. */
export function rawOf(object: object): unknown {
  return JSON.parse(JSON.stringify(object))
}
