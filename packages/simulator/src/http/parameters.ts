import { invalidRequest, missingParameter } from '../core/error.js'
import { withGoneParameters } from './earlier-requests.js'
import type { Form, FormValue } from './form-codec.js'
import type { ObjectShape, Parameter } from './parameter-types.js'
import { routeShapes, shapes } from './parameters.generated.js'
import { invalid, readScalar, type Scalar } from './scalars.js'
import { undocumentedShapes } from './undocumented-routes.js'

const LARGEST_PAGE = 100

const knownShapes = withGoneParameters(shapes)

/**
 * The parameters of a request to a route, each as the type that Stripe declares for it.
 *
 * @throws StripeError `parameter_unknown`, `parameter_missing`, `parameter_invalid_…` in Stripe's words
 */
export function readParameters(route: string, form: Form): Readonly<Record<string, unknown>> {
  const params = readObject(undocumentedShapes[route] ?? shapeNamed(routeShapes[route]), form, '')
  checkLimit(params['limit'])
  return route.startsWith('POST') && !route.includes(':') ? withoutEmptyText(params) : params
}

function shapeNamed(name: string | undefined): ObjectShape {
  const shape = name === undefined ? undefined : knownShapes[name]
  if (shape === undefined)
    throw new Error(`The table of parameters has no shape ${name}. Run tools/derive-parameters.mjs.`)
  return shape
}

function readObject(shape: ObjectShape, form: Form, path: string): Record<string, unknown> {
  refuseUnknown(shape, form, path)
  const read: Record<string, unknown> = {}
  for (const name of Object.keys(form)) {
    const [parameter, value] = [shape.fields[name], form[name]]
    if (parameter !== undefined && value !== undefined) read[name] = readValue(parameter, value, inside(path, name))
  }
  for (const name of shape.required ?? []) if (!Object.hasOwn(form, name)) throw missingParameter(inside(path, name))
  return read
}

function refuseUnknown(shape: ObjectShape, form: Form, path: string): void {
  const unknown = Object.keys(form).filter((name) => !Object.hasOwn(shape.fields, name))
  const [first] = unknown
  if (first === undefined) return
  if (path === '' && first === 'payment_method_types') throw goneMethodTypes()
  const names = unknown.map((name) => inside(path, name))
  const message = `Received unknown parameter${unknown.length > 1 ? 's' : ''}: ${names.join(', ')}`
  throw invalidRequest(message, { code: 'parameter_unknown', param: inside(path, first) })
}

function readValue(parameter: Parameter, value: FormValue, path: string): unknown {
  if (typeof parameter === 'string')
    return parameter === 'metadata' ? readMetadata(value, path) : readPlain(parameter, value, path)
  if ('unset' in parameter) return value === '' ? '' : readValue(parameter.unset, value, path)
  if ('enum' in parameter) return readEnum(parameter.enum, value, path)
  if ('union' in parameter) return readUnion(parameter.union, value, path)
  if (typeof value === 'string')
    throw value === '' ? cannotBeUnset(path) : invalid('array' in parameter ? 'array' : 'object', '', path)
  if ('array' in parameter) return readArray(parameter.array, value, path)
  if ('map' in parameter) return readMap(parameter.map, value, path)
  return readObject(shapeNamed(parameter.object), value, path)
}

function readPlain(type: Scalar, value: FormValue, path: string): unknown {
  if (value === '' && type === 'string' && isText(path)) return ''
  if (value === '') throw cannotBeUnset(path)
  return readScalar(type, value, path)
}

function readEnum(values: readonly string[], value: FormValue, path: string): string {
  if (value === '') throw cannotBeUnset(path)
  if (typeof value === 'string' && values.includes(value)) return value
  throw invalidRequest(`Invalid ${path}: must be ${oneOf(values)}`, { param: path })
}

/** The first type that could be meant decides, and words the refusal. */
function readUnion(types: readonly Parameter[], value: FormValue, path: string): unknown {
  const couldBe = types.filter((type) => isComposite(type) === (typeof value === 'object'))
  const isLiteral = (type: Parameter): boolean =>
    typeof type === 'object' && 'enum' in type && typeof value === 'string' && type.enum.includes(value)
  if (couldBe.some(isLiteral)) return value
  const [likely = types[0] ?? 'any'] = couldBe.filter((type) => typeof type === 'string' || !('enum' in type))
  return readValue(likely, value, path)
}

function isComposite(type: Parameter): boolean {
  if (typeof type === 'string') return type === 'metadata'
  return !('enum' in type) && !('unset' in type && !isComposite(type.unset))
}

function readArray(type: Parameter, form: Form, path: string): unknown[] {
  return Object.entries(form).map(([index, value]) => {
    if (!/^\d+$/.test(index)) throw invalid('array', '', path)
    return readValue(type, value, inside(path, index))
  })
}

function readMap(type: Parameter, form: Form, path: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(form).map(([key, value]) => [key, readValue(type, value, inside(path, key))]),
  )
}

/** Metadata can be emptied whole or key by key, on any object. */
function readMetadata(value: FormValue, path: string): unknown {
  if (value === '') return ''
  if (typeof value === 'string') throw invalid('object', '', path)
  for (const [key, entry] of Object.entries(value)) {
    if (typeof entry === 'object')
      throw invalidRequest('Metadata values must be strings, but you passed in a hash.', { param: inside(path, key) })
  }
  return { ...value }
}

function checkLimit(limit: unknown): void {
  if (typeof limit !== 'number') return
  const details = { code: 'parameter_invalid_integer', param: 'limit' }
  if (limit < 1) throw invalidRequest('This value must be greater than or equal to 1.', details)
  if (limit > LARGEST_PAGE) throw invalidRequest(`This value must be less than or equal to ${LARGEST_PAGE}.`, details)
}

/**
 * Where Stripe takes an empty text as no text at all, though the SDK's types do not say so; elsewhere it refuses it, since
 * an id or a currency cannot be empty.
 */
const TEXT = new Set([
  'default_payment_method',
  'city',
  'client_reference_id',
  'comment',
  'country',
  'customer_email',
  'description',
  'email',
  'footer',
  'headline',
  'line1',
  'line2',
  'memo',
  'name',
  'nickname',
  'phone',
  'postal_code',
  'state',
  'statement_descriptor',
  'statement_descriptor_suffix',
  'unit_label',
  'url',
  'lookup_key',
])

function isText(path: string): boolean {
  return TEXT.has(path.slice(path.lastIndexOf('[') + 1).replace(']', ''))
}

/** Something that is being made has nothing to unset yet. */
function withoutEmptyText(params: Record<string, unknown>): Record<string, unknown> {
  const hasEmptyText = Object.keys(params).some((name) => params[name] === '' && TEXT.has(name))
  if (!hasEmptyText) return params
  return Object.fromEntries(Object.entries(params).filter(([name, value]) => value !== '' || !TEXT.has(name)))
}

function cannotBeUnset(path: string): Error {
  const message =
    `You passed an empty string for '${path}'. We assume empty values are an attempt to unset a parameter; however ` +
    `'${path}' cannot be unset. You should remove '${path}' from your request or supply a non-empty value.`
  return invalidRequest(message, { code: 'parameter_invalid_empty', param: path })
}

/** In endive the types of payment methods come from the account's settings. https://docs.stripe.com/changelog/endive */
function goneMethodTypes(): Error {
  const message =
    'The `payment_method_types` parameter is no longer supported. Payment methods are managed in the Dashboard; narrow them ' +
    'with `allowed_payment_method_types` or `excluded_payment_method_types`.'
  const param = 'payment_method_types'
  return invalidRequest(message, { code: 'payment_method_types_no_longer_supported', param })
}

function inside(path: string, name: string): string {
  return path === '' ? name : `${path}[${name}]`
}

function oneOf(values: readonly string[]): string {
  const [first = ''] = values
  if (values.length === 1) return first
  if (values.length === 2) return `one of ${values.join(' or ')}`
  return `one of ${values.slice(0, -1).join(', ')}, or ${values.at(-1)}`
}
