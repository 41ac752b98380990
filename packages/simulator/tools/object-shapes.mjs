// Turns the declared types of answers into the table that says which of their fields can be expanded.
import { lookUp } from './stripe-package.mjs'

/** Collects the shapes of objects by name. `slice` names the types whose objects the simulator has. */
export function createObjects(slice) {
  return { byName: new Map(), slice }
}

/** The type within `Promise<Response<X>>` or `ApiListPromise<X>`, and whether it is a list or a search result of them. */
export function answered(type) {
  const [argument] = type?.args ?? []
  if (type?.name === 'ApiListPromise') return { isList: true, type: first(argument) }
  if (type?.name === 'ApiSearchResultPromise') return { isSearch: true, type: first(argument) }
  if (type?.name === 'Promise' || type?.name === 'Response') return answered(argument)
  return { isList: false, type: first(type) }
}

/** The name of the shape of a route's answer. */
export function shapeOfAnswer(objects, scope, answer) {
  const { isList, isSearch, type } = answered(answer)
  const name = nameOf(objects, scope, type)
  if (isSearch) return searchResultOf(objects, name)
  return isList ? listOf(objects, name) : name
}

/** A type's name, unique in the package: `Checkout.Session` is not `BillingPortal.Session`. */
export function typeName(scope, name) {
  // A file: nothing in it can be expanded.
  if (name === 'StripeStreamResponse') return undefined
  const found = lookUp(scope, name)
  if (found?.node.kind !== 'object' || found.node.name === undefined) return undefined
  const folder = folderOf(found.scope)
  return folder === '' || found.node.name.startsWith(`${folder}.`) ? found.node.name : `${folder}.${found.node.name}`
}

function folderOf(scope) {
  if (scope.parent !== undefined) return folderOf(scope.parent)
  return /resources\/(\w+)\/\w+\.d\.ts$/.exec(scope.file)?.[1] ?? ''
}

/** `Customer | DeletedCustomer` is a customer, as far as expanding goes. */
function first(type) {
  if (type?.kind !== 'union') return type
  return type.members.find((member) => member.kind === 'name' && lookable(member.name))
}

function lookable(name) {
  return !name.startsWith('Deleted') && !['string', 'null', 'number', 'boolean', 'OtherString'].includes(name)
}

function nameOf(objects, scope, type) {
  if (type === undefined || type.kind !== 'name') return undefined
  const name = typeName(scope, type.name)
  if (name === undefined || objects.byName.has(name)) return name
  const { node, scope: home } = lookUp(scope, type.name)
  const fields = {}
  objects.byName.set(name, fields)
  for (const [field, { type: fieldType }] of node.fields) {
    const shape = fieldOf(objects, home, fieldType)
    if (shape !== undefined) fields[field] = shape
  }
  return name
}

function listOf(objects, element) {
  const name = `list of ${element}`
  if (!objects.byName.has(name)) objects.byName.set(name, { data: element === undefined ? {} : { to: element } })
  return name
}

/** The number of all that was found can be asked for. */
function searchResultOf(objects, element) {
  const name = `search result of ${element}`
  objects.byName.set(name, { data: { to: element }, total_count: {} })
  return name
}

function fieldOf(objects, scope, type) {
  const members = type.kind === 'union' ? type.members : [type]
  if (members.some(({ kind }) => kind === 'object')) return {}
  const object = members.find((member) => member.kind === 'name' && lookable(member.name))
  if (object === undefined) return undefined
  const [argument] = object.args
  if (object.name === 'Array') return fieldOf(objects, scope, argument)
  if (object.name === 'ApiList') return { to: listOf(objects, nameOf(objects, scope, first(argument))) }
  const isExpandable = members.some(({ name }) => name === 'string')
  return target(objects, scope, { object, isExpandable })
}

function target(objects, scope, { object, isExpandable }) {
  const found = lookUp(scope, object.name)
  if (isExpandable) {
    const name = typeName(scope, object.name)
    return objects.slice.has(name) ? { ids: true, to: nameOf(objects, scope, object) } : { ids: true }
  }
  if (found?.node.kind === 'union' && found.node.members.every(({ kind }) => kind === 'literal')) return undefined
  if (found?.node.kind !== 'object') return undefined
  if (found.node.name === undefined) return {}
  const isOwn = found.node.name.includes('.')
  const name = typeName(scope, object.name)
  return isOwn || objects.slice.has(name) ? { to: nameOf(objects, scope, object) } : {}
}
