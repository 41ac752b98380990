import { notSimulated } from '../error.js'
import type { CreateParams } from './create-params.js'

/** What Stripe takes and the simulator does not do: refused by name, never ignored. */
const unbuilt = ['customer_account', 'payment_method_configuration'] as const

/** Features that are off unless `enabled` says otherwise. */
const switches = ['adaptive_pricing', 'managed_payments'] as const

const unbuiltData = {
  payment_intent_data: ['application_fee_amount', 'on_behalf_of', 'transfer_data', 'transfer_group'],
  setup_intent_data: ['on_behalf_of'],
  subscription_data: ['application_fee_percent', 'on_behalf_of', 'transfer_data'],
} as const

/** Refuses what is not built. */
export function refuseUnbuilt(params: CreateParams): void {
  for (const name of unbuilt) if (isGiven(params[name])) throw notSimulated(name, name)
  for (const name of switches) if (params[name]?.enabled === true) throw notSimulated(name, `${name}[enabled]`)
  for (const [name, fields] of Object.entries(unbuiltData)) {
    const data: Readonly<Record<string, unknown>> = { ...params[name as keyof typeof unbuiltData] }
    for (const field of fields) if (isGiven(data[field])) throw notSimulated(field, `${name}[${field}]`)
  }
  refuseUnbuiltOptions(params.payment_method_options)
}

/** Of the options of payment methods only those change anything that ask the bank to see the customer. */
function refuseUnbuiltOptions(options: CreateParams['payment_method_options']): void {
  for (const [type, given] of Object.entries(options ?? {})) {
    for (const [name, value] of Object.entries(given as Readonly<Record<string, unknown>>)) {
      const isKnown = (type === 'card' && name === 'request_three_d_secure') || name === 'setup_future_usage'
      if (!isKnown && isGiven(value)) throw notSimulated(name, `payment_method_options[${type}][${name}]`)
    }
  }
}

export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0)
}
