/**
 * The old values of what differs, as `event.data.previous_attributes` has them: hashes by key, lists as a whole.
 * https://docs.stripe.com/api/events/object#event_object-data-previous_attributes
 */
export function previousAttributes(before: unknown, after: unknown): Readonly<Record<string, unknown>> {
  const was = before as Readonly<Record<string, unknown>>
  const is = after as Readonly<Record<string, unknown>>
  const changed: Record<string, unknown> = {}
  for (const key of Object.keys({ ...was, ...is })) {
    const [old, current] = [was[key], is[key]]
    if (isSame(old, current)) continue
    changed[key] = isHash(old) && isHash(current) ? previousAttributes(old, current) : (old ?? null)
  }
  return changed
}

/** Whether two values are the same in writing. Most are the very same, or differ at first sight. */
function isSame(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  if (Array.isArray(left) !== Array.isArray(right)) return false
  const [was, is] = [left as Readonly<Record<string, unknown>>, right as Readonly<Record<string, unknown>>]
  const names = Object.keys(was)
  return names.length === Object.keys(is).length && names.every((name) => isSame(was[name], is[name]))
}

function isHash(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
