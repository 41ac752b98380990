/** A decoded form: brackets in names become nesting, and arrays are still objects whose keys are numbers. */
export interface Form {
  readonly [key: string]: FormValue
}

export type FormValue = string | Form

interface OpenForm {
  [key: string]: string | OpenForm
}

const DEEPEST = 20

/**
 * Decodes a body or a query as Stripe's clients write them: `items[0][price]=x&metadata[a]=b&expand[]=y`. What is an
 * array and what an object with numbers for keys is left to the parameter's own type.
 */
export function decodeForm(text: string): Form {
  const form: OpenForm = {}
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = decodeText(equals < 0 ? pair : pair.slice(0, equals))
    place(form, name, equals < 0 ? '' : decodeText(pair.slice(equals + 1)))
  }
  return form
}

/** The form without this key. */
export function withoutKey(form: Form, key: string): Form {
  if (!Object.hasOwn(form, key)) return form
  const { [key]: _left, ...rest } = form
  return rest
}

function decodeText(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    // A stray percent sign stands for itself, as it does at Stripe.
    return text
  }
}

/** `a[b][0]` stands in `a`, in its `b`; a name with unbalanced brackets is taken as it is. */
function place(form: OpenForm, name: string, value: string): void {
  const bracket = name.indexOf('[')
  if (bracket <= 0 || !name.endsWith(']')) return void put(form, name, value)
  const inner = name.slice(bracket + 1, -1).split('][')
  if (inner.length >= DEEPEST) return void put(form, name, value)
  let target = within(form, name.slice(0, bracket))
  const last = inner.pop() ?? ''
  for (const step of inner) target = within(target, keyIn(target, step))
  put(target, keyIn(target, last), value)
}

/** Brackets with nothing in them stand for the next element. */
function keyIn(target: OpenForm, step: string): string {
  return step === '' ? String(Object.keys(target).length) : step
}

function within(target: OpenForm, key: string): OpenForm {
  const next = Object.hasOwn(target, key) ? target[key] : undefined
  return typeof next === 'object' ? next : put(target, key, {})
}

/** Whatever a client names, it becomes a field of its own and no more than that. */
function put<Value extends string | OpenForm>(target: OpenForm, key: string, value: Value): Value {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
  else target[key] = value
  return value
}
