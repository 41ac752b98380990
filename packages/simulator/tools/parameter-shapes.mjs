// Turns the declared types of parameters into the table from which requests are read and refused.
import { lookUp } from './stripe-package.mjs'

/** Numbers that may have a fraction; all others are integers. */
const FRACTION = /(?:^|_)(?:percent|percentage|percent_off|height|length|weight|width)$/

/** Collects object shapes by name; equal ones are kept once. */
export function createShapes() {
  return { byName: new Map(), byContent: new Map() }
}

/** The name of the shape of a route's parameters. */
export function shapeOfParameters(shapes, scope, type) {
  if (type === undefined) return intern(shapes, 'NoParams', { fields: {} })
  const parameter = parameterOf(shapes, scope, { type, field: '' })
  if (parameter?.object === undefined) throw new Error(`A route's parameters are no object: ${JSON.stringify(type)}`)
  return parameter.object
}

function parameterOf(shapes, scope, { type, field }) {
  switch (type.kind) {
    case 'literal':
      return { enum: [type.value] }
    case 'object':
      return objectOf(shapes, scope, { node: type, field })
    case 'union':
      return unionOf(type.members.map((member) => parameterOf(shapes, scope, { type: member, field })))
    default:
      return namedOf(shapes, scope, { type, field })
  }
}

function namedOf(shapes, scope, { type, field }) {
  const [argument] = type.args
  switch (type.name) {
    case 'string':
    case 'boolean':
      return type.name
    case 'number':
      return FRACTION.test(field) ? 'number' : 'integer'
    case 'Decimal':
      return 'decimal'
    case 'MetadataParam':
      return 'metadata'
    case 'OtherString':
    case 'null':
    case 'undefined':
      return undefined
    case 'any':
    case 'unknown':
      return 'any'
    case 'Array':
      return { array: parameterOf(shapes, scope, { type: argument, field }) }
    case 'Emptyable':
      return { unset: parameterOf(shapes, scope, { type: argument, field }) }
    default:
      return declaredOf(shapes, scope, { type, field })
  }
}

function declaredOf(shapes, scope, { type, field }) {
  const found = lookUp(scope, type.name)
  if (found === undefined) throw new Error(`The type ${type.name}, declared nowhere, in ${scope.path}.`)
  return parameterOf(shapes, found.scope, { type: found.node, field })
}

function unionOf(parts) {
  const members = parts.filter((part) => part !== undefined)
  const values = members.flatMap((member) => member.enum ?? [])
  const others = members.filter((member) => member.enum === undefined)
  const all = values.length > 0 ? [{ enum: values }, ...others] : others
  return all.length === 1 ? all[0] : { union: all }
}

function objectOf(shapes, scope, { node, field }) {
  const { fields, required, values } = membersOf(shapes, scope, node)
  if (values !== undefined) return { map: values }
  const shape = required.length > 0 ? { required, fields } : { fields }
  return { object: intern(shapes, node.name ?? `${scope.path}.${field}`, shape) }
}

function membersOf(shapes, scope, node) {
  const fields = {}
  const required = []
  for (const parent of node.parents) {
    const found = lookUp(scope, parent.name)
    if (found === undefined) throw new Error(`The type ${parent.name}, declared nowhere, in ${scope.path}.`)
    const inherited = membersOf(shapes, found.scope, found.node)
    Object.assign(fields, inherited.fields)
    required.push(...inherited.required)
  }
  for (const [name, { optional, type }] of node.fields) {
    if (name === 'expand') continue
    fields[name] = parameterOf(shapes, scope, { type, field: name })
    if (!optional && !required.includes(name)) required.push(name)
  }
  const values = node.values === undefined ? undefined : parameterOf(shapes, scope, { type: node.values, field: '' })
  return { fields, required, values }
}

function intern(shapes, name, shape) {
  const content = JSON.stringify(shape)
  const known = shapes.byContent.get(content)
  if (known !== undefined) return known
  if (shapes.byName.has(name)) throw new Error(`Two shapes are named ${name}.`)
  shapes.byName.set(name, shape)
  shapes.byContent.set(content, name)
  return name
}
