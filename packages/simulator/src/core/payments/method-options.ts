import { refuseUnbuilt } from '../lookup.js'
import type { Records } from '../records.js'
import { notSimulated } from '../error.js'
import { methodTypeOf } from './method-types.js'

type PaymentOptions = NonNullable<Records['payment_intents']['payment_method_options']>
type SetupOptions = NonNullable<Records['setup_intents']['payment_method_options']>
type Given = Readonly<Record<string, unknown>>

const BLANK_CARD = { request_three_d_secure: 'automatic', network: null, mandate_options: null } as const

/** What a payment intent's `payment_method_options` become when a request names some: type by type, key by key. */
export function paymentOptions(before: PaymentOptions | null, params: unknown): PaymentOptions | null {
  return merged(before, params, { ...BLANK_CARD, installments: null })
}

/** As `paymentOptions`, for setup intents. */
export function setupOptions(before: SetupOptions | null, params: unknown): SetupOptions | null {
  return merged(before, params, BLANK_CARD)
}

/** Once a method that takes its time was chosen, the payment intent says how it would pay with its type. */
export function withOptionsOf(before: PaymentOptions | null, type: string): PaymentOptions | null {
  if (methodTypeOf(type)?.flow !== 'debit') return before
  return merged(before, { [type]: {} }, {})
}

const CARD = ['capture_method', 'request_three_d_secure', 'setup_future_usage']
const OTHER = ['mandate_options', 'preferred_language', 'preferred_locale', 'setup_future_usage', 'verification_method']

function merged<Options extends PaymentOptions | SetupOptions>(
  before: Options | null,
  params: unknown,
  card: Given,
): Options | null {
  if (params === undefined || params === '' || params === null) return before
  const given = params as Readonly<Record<string, Given | ''>>
  // Guaranteed: the edge has read the types' names and values by the SDK's own declarations of the parameter.
  const result: Record<string, unknown> = { ...before }
  for (const [type, options] of Object.entries(given)) {
    if (methodTypeOf(type) === undefined) throw notSimulated(`Options of ${type}`, `payment_method_options[${type}]`)
    if (options === '') continue
    refuseUnbuilt(options, type === 'card' ? CARD : OTHER)
    const known = result[type] as Given | undefined
    result[type] = { ...(known ?? BLANKS[type] ?? (type === 'card' ? card : {})), ...options }
  }
  return result as Options
}

const BLANKS: Readonly<Record<string, Given>> = {
  bancontact: { preferred_language: 'en' },
  us_bank_account: { verification_method: 'automatic' },
}

interface Wish {
  readonly capture_method: Records['payment_intents']['capture_method']
  readonly setup_future_usage: Records['payment_intents']['setup_future_usage']
  readonly payment_method_options: PaymentOptions | null
}

/** What is asked of a payment with this type of method: its own options come before those of the payment intent. */
export function wishFor<Intent extends Wish>(intent: Intent, type: string): Intent {
  // Guaranteed: what an option is called is the same for every type that has it.
  const options = (intent.payment_method_options as Readonly<Record<string, Partial<Wish>>> | null)?.[type]
  const { capture_method: capture, setup_future_usage: usage } = options ?? {}
  return {
    ...intent,
    ...(capture === 'manual' && { capture_method: capture }),
    ...(usage !== undefined && { setup_future_usage: String(usage) === 'none' ? null : usage }),
  }
}
