import { invalidRequest } from '../error.js'
import type { CreateParams } from './create-params.js'
import type { CheckoutSession } from './session.js'

type Asked = NonNullable<CreateParams['custom_fields']>
export type CustomField = CheckoutSession['custom_fields'][number]

const MOST_FIELDS = 3
const MOST_OPTIONS = 200
const LONGEST_KEY = 200
const LONGEST_LABEL = 50

export function checkCustomFields(fields: Asked): void {
  if (fields.length > MOST_FIELDS) {
    throw invalidRequest(`You can only have up to ${MOST_FIELDS} custom fields.`, { param: 'custom_fields' })
  }
  for (const [index, field] of fields.entries()) checkField(field, `custom_fields[${index}]`)
  const keys = new Set(fields.map((field) => field.key))
  if (keys.size === fields.length) return
  throw invalidRequest('The keys of custom fields must be unique.', { param: 'custom_fields' })
}

function checkField(field: Asked[number], at: string): void {
  const { key, label, type, dropdown } = field
  if (!/^[a-z0-9_]+$/i.test(key) || key.length > LONGEST_KEY) {
    const message = `Custom field keys must be alphanumeric and at most ${LONGEST_KEY} characters long.`
    throw invalidRequest(message, { param: `${at}[key]` })
  }
  if (label.custom.length > LONGEST_LABEL) {
    const message = `Custom field labels must be at most ${LONGEST_LABEL} characters long.`
    throw invalidRequest(message, { param: `${at}[label][custom]` })
  }
  if (type !== 'dropdown') return
  const options = dropdown?.options ?? []
  if (options.length > 0 && options.length <= MOST_OPTIONS) return
  const message = `A dropdown needs between 1 and ${MOST_OPTIONS} options.`
  throw invalidRequest(message, { param: `${at}[dropdown][options]` })
}

/** The fields as a session shows them, not filled in yet. */
export function customFieldsOf(fields: Asked): CheckoutSession['custom_fields'] {
  return fields.map((field) => ({
    key: field.key,
    label: { custom: field.label.custom, type: 'custom' as const },
    optional: field.optional ?? false,
    type: field.type,
    ...(field.type === 'dropdown' && {
      dropdown: {
        default_value: field.dropdown?.default_value ?? null,
        options: field.dropdown?.options ?? [],
        value: null,
      },
    }),
    ...(field.type === 'numeric' && { numeric: { ...boundsOf(field.numeric), value: null } }),
    ...(field.type === 'text' && { text: { ...boundsOf(field.text), value: null } }),
  }))
}

type Bounds = Pick<NonNullable<CustomField['text']>, 'default_value' | 'maximum_length' | 'minimum_length'>

function boundsOf(asked: Asked[number]['text']): Bounds {
  const { default_value: value = null, maximum_length: maximum = null, minimum_length: minimum = null } = asked ?? {}
  return { default_value: value, maximum_length: maximum, minimum_length: minimum }
}

/** What is wrong with what was typed into a field, in the customer's words; `null` when nothing is. */
export function faultOf(field: CustomField, typed: string): string | null {
  if (typed === '') return field.optional ? null : 'This field is needed.'
  if (field.dropdown !== undefined) {
    return field.dropdown.options.some((option) => option.value === typed) ? null : 'Choose one of the options.'
  }
  const bounds = field.numeric ?? field.text
  if (field.numeric !== undefined && !/^\d+$/.test(typed)) return 'Enter digits only.'
  if (bounds?.minimum_length != null && typed.length < bounds.minimum_length) {
    return `Enter at least ${bounds.minimum_length} characters.`
  }
  if (bounds?.maximum_length != null && typed.length > bounds.maximum_length) {
    return `Enter at most ${bounds.maximum_length} characters.`
  }
  return null
}

/** The fields with what was typed into them. */
export function filledIn(
  fields: CheckoutSession['custom_fields'],
  answers: Readonly<Record<string, string>>,
): CheckoutSession['custom_fields'] {
  return fields.map((field) => {
    const value = answers[field.key] || null
    return {
      ...field,
      ...(field.dropdown !== undefined && { dropdown: { ...field.dropdown, value } }),
      ...(field.numeric !== undefined && { numeric: { ...field.numeric, value } }),
      ...(field.text !== undefined && { text: { ...field.text, value } }),
    }
  })
}
