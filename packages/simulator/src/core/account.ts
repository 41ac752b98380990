import type Stripe from 'stripe'
import { StripeError } from './error.js'
import type { Handler, Handlers } from './handler.js'
import { idAt } from './ids.js'
import type { Stored } from './stored.js'

/** The account's own id is the same for a world's whole life, whatever else was made in it. */
const ACCOUNT_SEQUENCE = 0
const ID_LENGTH = 'acct_'.length + 16

/** The id of the one account that a world has; its seed decides. */
export function accountId({ seed }: { readonly seed: number }): string {
  return idAt('acct', seed, ACCOUNT_SEQUENCE).slice(0, ID_LENGTH)
}

const nothingRequired = {
  alternatives: [],
  current_deadline: null,
  currently_due: [],
  disabled_reason: null,
  errors: [],
  eventually_due: [],
  past_due: [],
  pending_verification: [],
}

function account(id: string): Partial<Stored<Stripe.Account>> {
  return {
    id,
    object: 'account',
    business_type: 'company',
    capabilities: { card_payments: 'active', transfers: 'active' },
    charges_enabled: true,
    controller: { type: 'account' },
    country: 'US',
    created: 0,
    default_currency: 'usd',
    details_submitted: true,
    email: 'simulator@example.com',
    future_requirements: nothingRequired,
    metadata: {},
    payouts_enabled: true,
    requirements: nothingRequired,
    tos_acceptance: { date: null, ip: null, user_agent: null },
    type: 'standard',
  }
}

const profile = {
  annual_revenue: null,
  estimated_worker_count: null,
  mcc: null,
  name: 'Simulated account',
  product_description: null,
  support_address: null,
  support_email: null,
  support_phone: null,
  support_url: null,
  url: null,
}

const retrieveOwn: Handler = (transaction) => {
  const id = accountId(transaction)
  const accounts = { object: 'list', data: [], has_more: false, url: `/v1/accounts/${id}/external_accounts` }
  const dashboard = { display_name: 'Simulated account', timezone: 'Etc/UTC' }
  return { ...account(id), business_profile: profile, external_accounts: accounts, settings: { dashboard } }
}

/** Accounts are separate worlds, and none sees another. */
const retrieve: Handler = (transaction, context) => {
  const { id = '' } = context.path
  if (id === accountId(transaction)) return retrieveOwn(transaction, context)
  const message = `The provided key does not have access to account '${id}' (or that account does not exist). Application access may have been revoked.`
  throw new StripeError(403, { type: 'invalid_request_error', code: 'account_invalid', message })
}

export const accountHandlers: Handlers = {
  'account.retrieve': retrieveOwn,
  'accounts.retrieve': retrieve,
  'accounts.list': () => ({ object: 'list', data: [], has_more: false, url: '/v1/accounts' }),
}
