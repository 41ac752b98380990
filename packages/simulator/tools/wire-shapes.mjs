// Prints, as JSON, what the declarations of the installed `stripe` package say of each kind of object that an answer or
// an event can hold: its fields, which of them may be absent, and what each can be.
import { lookUp, objectTypes } from './stripe-package.mjs'

const PRIMITIVES = new Set(['string', 'number', 'boolean', 'null'])
/** Not on the wire: the SDK adds it. */
const ADDED = new Set(['lastResponse'])

function createWireShapes() {
  return { shapes: {}, names: new Map() }
}

/** A type as data: `'string'`, `{ literal }`, `{ array }`, `{ map }`, `{ list }`, `{ object: name }` or `{ union }`. */
function wireOf(all, scope, type) {
  switch (type.kind) {
    case 'literal':
      return { literal: type.value }
    case 'object':
      return { object: nameOfObject(all, scope, type) }
    case 'union':
      return { union: type.members.map((member) => wireOf(all, scope, member)) }
    default:
      return wireOfName(all, scope, type)
  }
}

function wireOfName(all, scope, { name, args: [argument] }) {
  if (PRIMITIVES.has(name)) return name
  switch (name) {
    case 'true':
      return { literal: true }
    case 'Decimal':
    case 'OtherString':
      return 'string'
    case 'Metadata':
      return { map: 'string' }
    case 'Array':
      return { array: wireOf(all, scope, argument) }
    case 'ApiList':
      return { list: wireOf(all, scope, argument) }
    default:
      return wireOfDeclared(all, scope, name)
  }
}

/** What is declared outside of the package's own files can be anything. */
function wireOfDeclared(all, scope, name) {
  const found = lookUp(scope, name)
  return found === undefined ? 'any' : wireOf(all, found.scope, found.node)
}

function nameOfObject(all, scope, node) {
  const known = all.names.get(node)
  if (known !== undefined) return known
  const name = unusedName(all, node.name ?? `${scope.path}.unnamed`)
  all.names.set(node, name)
  const shape = { fields: {} }
  all.shapes[name] = shape
  for (const [field, { optional, type }] of allFields(scope, node)) {
    if (!ADDED.has(field)) shape.fields[field] = { optional, type: wireOf(all, scope, type) }
  }
  if (node.values !== undefined) shape.values = wireOf(all, scope, node.values)
  return name
}

function allFields(scope, node) {
  const inherited = node.parents.flatMap((parent) => {
    const found = lookUp(scope, parent.name)
    return found === undefined ? [] : allFields(found.scope, found.node)
  })
  return [...inherited, ...node.fields]
}

/** `Checkout.Session` and `BillingPortal.Session` are both declared as `Session`. */
function unusedName(all, wanted) {
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? wanted : `${wanted} ${count}`
    if (all.shapes[name] === undefined) return name
  }
}

/** The kinds by what stands in their field `object`; what is left of a deleted one has the kind `deleted …`. */
function derive() {
  const all = createWireShapes()
  const kinds = {}
  for (const { scope, node } of objectTypes()) {
    const { type } = node.fields.get('object')
    const kind = `${node.fields.has('deleted') && node.name.startsWith('Deleted') ? 'deleted ' : ''}${type.value}`
    kinds[kind] = [...(kinds[kind] ?? []), nameOfObject(all, scope, node)]
  }
  return { kinds, shapes: all.shapes }
}

process.stdout.write(JSON.stringify(derive()))
