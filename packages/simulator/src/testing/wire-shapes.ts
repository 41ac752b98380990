import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** What a field can be, as tools/wire-shapes.mjs reads it from the declarations of the `stripe` package. */
type WireType =
  | string
  | { readonly literal: unknown }
  | { readonly array: WireType }
  | { readonly map: WireType }
  | { readonly list: WireType }
  | { readonly object: string }
  | { readonly union: readonly WireType[] }

interface WireShape {
  readonly fields: Readonly<Record<string, { readonly optional: boolean; readonly type: WireType }>>
  readonly values?: WireType
}

/** What the declarations say of every kind of object. */
export interface WireShapes {
  readonly kinds: Readonly<Record<string, readonly string[]>>
  readonly shapes: Readonly<Record<string, WireShape>>
}

type Attributes = Readonly<Record<string, unknown>>

export function readWireShapes(): WireShapes {
  const tool = fileURLToPath(new URL('../../tools/wire-shapes.mjs', import.meta.url))
  const text = execFileSync(process.execPath, [tool], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  return JSON.parse(text) as WireShapes
}

/** Old fields that Stripe no longer documents and still sends, as recordings show. */
const UNDOCUMENTED = new Set(['Subscription.plan', 'Subscription.quantity'])
/** Their fields depend on the kind of event, and are looked into by themselves. */
const ANY = /^Event\.Data\./

/** In what an object on the wire differs from its declaration: fields that lack, that are unknown, or of another type. */
export function differencesOf({ kinds, shapes }: WireShapes, object: unknown): readonly string[] {
  const found: string[] = []

  function checkObject(value: Attributes, name: string, path: string): void {
    const shape = shapes[name]
    if (shape === undefined || ANY.test(name)) return
    for (const [field, { optional, type }] of Object.entries(shape.fields)) {
      if (field in value) checkValue(value[field], type, `${path}.${field}`)
      else if (!optional) found.push(`${path}.${field} is missing`)
    }
    for (const [field, inner] of Object.entries(value)) {
      if (field in shape.fields || UNDOCUMENTED.has(`${path}.${field}`)) continue
      if (shape.values === undefined) found.push(`${path}.${field} is unknown`)
      else checkValue(inner, shape.values, `${path}{}`)
    }
  }

  function checkValue(value: unknown, type: WireType, path: string): void {
    if (!fits(shapes, value, type)) found.push(`${path} is not ${JSON.stringify(type)}: ${JSON.stringify(value)}`)
    else if (typeof type === 'object') checkInside(value, type, path)
  }

  function checkInside(value: unknown, type: Exclude<WireType, string>, path: string): void {
    if ('union' in type) {
      const member = type.union.find((candidate) => fits(shapes, value, candidate))
      if (member !== undefined) checkValue(value, member, path)
    }
    if ('array' in type) for (const inner of value as readonly unknown[]) checkValue(inner, type.array, `${path}[]`)
    if ('map' in type) for (const inner of Object.values(value as object)) checkValue(inner, type.map, `${path}{}`)
    if ('list' in type) for (const inner of dataOf(value)) checkValue(inner, type.list, `${path}[]`)
    if ('object' in type) checkObject(value as Attributes, type.object, isKind(type.object) ? type.object : path)
  }

  function isKind(name: string): boolean {
    return shapes[name]?.fields['object'] !== undefined
  }

  for (const { value, name } of rootsOf(kinds, object)) checkObject(value, name, name)
  return found
}

/** The objects of an answer whose kind says which declaration is theirs: itself, what it lists, what an event tells of. */
function* rootsOf(kinds: WireShapes['kinds'], value: unknown): Generator<{ value: Attributes; name: string }> {
  const { object, deleted, data } = value as { object?: string; deleted?: boolean; data?: { object?: unknown } }
  if (object === 'list' || object === 'search_result') {
    for (const inner of dataOf(value)) yield* rootsOf(kinds, inner)
    return
  }
  const name = kinds[`${deleted === true ? 'deleted ' : ''}${object}`]?.at(-1)
  if (name !== undefined) yield { value: value as Attributes, name }
  if (object === 'event') yield* rootsOf(kinds, withId(data?.object))
}

/** An upcoming invoice, as an event tells of it, is the one object without an id. */
function withId(value: unknown): unknown {
  const { object, id } = value as { object?: string; id?: string }
  return object === 'invoice' && id === undefined ? { ...(value as object), id: '' } : value
}

function dataOf(value: unknown): readonly unknown[] {
  return (value as { readonly data: readonly unknown[] }).data
}

function fits(shapes: WireShapes['shapes'], value: unknown, type: WireType): boolean {
  if (typeof type === 'string') return type === 'any' || (type === 'null' ? value === null : typeof value === type)
  if ('literal' in type) return value === type.literal
  if ('union' in type) return type.union.some((member) => fits(shapes, value, member))
  if ('array' in type) return Array.isArray(value)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const { object, deleted = false } = value as { readonly object?: unknown; readonly deleted?: boolean }
  if ('list' in type) return object === 'list'
  if ('map' in type) return true
  const declared = shapes[type.object]?.fields['object']?.type
  if (typeof declared !== 'object' || !('literal' in declared)) return true
  return declared.literal === object && deleted === type.object.startsWith('Deleted')
}
