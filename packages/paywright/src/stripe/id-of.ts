/** The id of what Stripe writes as an id, or as the object where it was expanded. */
export function idOf(reference: string | { readonly id: string }): string
export function idOf(reference: string | { readonly id: string } | null | undefined): string | null
export function idOf(reference: string | { readonly id: string } | null | undefined): string | null {
  if (reference === null || reference === undefined) return null
  return typeof reference === 'string' ? reference : reference.id
}
