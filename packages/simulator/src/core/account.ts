import type Stripe from 'stripe'
import type { Handlers } from './handler.js'
import { idAt } from './ids.js'
import type { Stored } from './stored.js'
import type { Transaction } from './transaction.js'

/** The account's own id is the same for a world's whole life, whatever else was made in it. */
const ACCOUNT_SEQUENCE = 0
const ID_LENGTH = 'acct_'.length + 16

/** The id of the one account that a world has; its seed decides. */
function accountId(transaction: Transaction): string {
  return idAt('acct', transaction.seed, ACCOUNT_SEQUENCE).slice(0, ID_LENGTH)
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

export const accountHandlers: Handlers = {
  'account.retrieve': (transaction) => {
    const id = accountId(transaction)
    const accounts = { object: 'list', data: [], has_more: false, url: `/v1/accounts/${id}/external_accounts` }
    const dashboard = { display_name: 'Simulated account', timezone: 'Etc/UTC' }
    return { ...account(id), business_profile: profile, external_accounts: accounts, settings: { dashboard } }
  },
}
