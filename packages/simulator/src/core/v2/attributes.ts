/** An object of Stripe's, or what changed of one, as an event tells it. */
export type Attributes = Readonly<Record<string, unknown>>

/** What a list of the API holds. */
export function itemsOf(value: unknown): readonly Attributes[] {
  const { data } = (value ?? {}) as { readonly data?: unknown }
  return arrayOf(data)
}

export function arrayOf(value: unknown): readonly Attributes[] {
  // Guaranteed: what a list holds is objects.
  return Array.isArray(value) ? (value as readonly Attributes[]) : []
}

export function identity(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'id' in value ? value.id : value
}

export function differs(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) !== JSON.stringify(right)
}
