import type { JsonObject, MirrorRecord, RawObjects } from '../domain/records.js'

/** An object of Stripe as it came, which nobody looks into. */
export function rawOf(object: object): JsonObject {
  return { ...object }
}

/** Objects as they came, by their ids. */
export function rawsOf(objects: readonly { readonly id: string }[]): RawObjects {
  return Object.fromEntries(objects.map((object) => [object.id, rawOf(object)]))
}

export function toRecords(objects: readonly { readonly id: string }[]): readonly MirrorRecord[] {
  return objects.map((object) => ({ id: object.id, object: rawOf(object) }))
}
