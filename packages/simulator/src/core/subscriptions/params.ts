import { invalidRequest, noSuch, notSimulated } from '../error.js'

/** What Stripe lets only platforms of connected accounts do, and refuses to all others in these words. */
const forPlatforms = {
  application_fee_percent:
    'Can only apply an application_fee_percent when the subscription is created on behalf of another account (using an ' +
    'OAuth key, the Stripe-Account header, or the transfer_data parameter).',
} as const

interface ConnectParams {
  readonly application_fee_percent?: unknown
  readonly billing_schedules?: unknown
  readonly customer_account?: unknown
  readonly on_behalf_of?: unknown
  readonly transfer_data?: unknown
}

/** Refuses what needs connected accounts, of which there are none, and what is not built. */
export function refuseForeign(params: ConnectParams): void {
  if (isGiven(params.application_fee_percent)) {
    throw invalidRequest(forPlatforms.application_fee_percent, { param: 'application_fee_percent' })
  }
  if (isGiven(params.on_behalf_of)) throw noSuchAccount(params.on_behalf_of, 'on_behalf_of')
  if (isGiven(params.transfer_data)) {
    const { destination } = params.transfer_data as { readonly destination?: string }
    throw noSuch('destination', destination ?? '', { param: 'transfer_data[destination]', status: 400 })
  }
  if (isGiven(params.customer_account)) throw noSuchAccount(params.customer_account, 'customer_account')
  if (isGiven(params.billing_schedules)) throw notSimulated('billing_schedules', 'billing_schedules')
}

function noSuchAccount(id: unknown, param: string): ReturnType<typeof noSuch> {
  return noSuch(param === 'customer_account' ? 'customer_account' : 'account', String(id), { param, status: 400 })
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== '' && value !== null && !(Array.isArray(value) && value.length === 0)
}
