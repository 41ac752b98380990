import { invalidRequest, missingParameter, noSuch } from '../core/error.js'

type Check = (value: unknown, param: string, own: string) => void

/** Stripe lets only platforms of connected accounts take fees, and refuses to all others in these words. */
const FEE =
  'Can only apply an application_fee_percent when the subscription is created on behalf of another account (using an ' +
  'OAuth key, the Stripe-Account header, or the transfer_data parameter).'

/** The parameters that name another account, wherever in a request they stand. */
const checks: Readonly<Record<string, Check>> = {
  application_fee_percent: (value, param) => {
    if (value !== '') throw invalidRequest(FEE, { param })
  },
  customer_account: (value, param) => requireNone('customer_account', value, param),
  issuer: requireOwn,
  liability: requireOwn,
  on_behalf_of: (value, param, own) => {
    if (value !== own) requireNone('account', value, param)
  },
  transfer_data: (value, param) => {
    const { destination } = value as { readonly destination?: string }
    if (destination !== undefined) requireNone('destination', destination, `${param}[destination]`)
  },
}

/** Who is liable for taxes, or issues an invoice: the account itself, whether it is named or not. */
function requireOwn(value: unknown, param: string, own: string): void {
  const { account, type } = value as { readonly account?: string; readonly type?: string }
  if (account === undefined && type === 'account') throw missingParameter(`${param}[account]`)
  if (account !== undefined && account !== own) requireNone('account', account, `${param}[account]`)
}

function requireNone(kind: string, value: unknown, param: string): void {
  if (value !== '') throw noSuch(kind, String(value), { param, status: 400 })
}

/**
 * Refuses what names another account, as a world has but its own.
 *
 * @throws StripeError `resource_missing`, in the words of Stripe for an account that is not connected
 */
export function refuseOtherAccounts(params: unknown, own: string, path = ''): void {
  if (typeof params !== 'object' || params === null) return
  const fields = params as Readonly<Record<string, unknown>>
  for (const name of Object.keys(fields)) {
    const value = fields[name]
    const check = value !== undefined && Object.hasOwn(checks, name) ? checks[name] : undefined
    const isNested = typeof value === 'object' && name !== 'metadata'
    if (check === undefined && !isNested) continue
    const param = path === '' ? name : `${path}[${name}]`
    check?.(value, param, own)
    if (isNested) refuseOtherAccounts(value, own, param)
  }
}
