import type Stripe from 'stripe'
import { settingsOf } from './account-settings.js'
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
  minority_owned_business_designation: null,
  product_description: null,
  specified_commercial_transactions_act_url: null,
  support_address: null,
  support_email: null,
  support_phone: null,
  support_url: null,
  url: null,
}

/** What would be set in the Dashboard, and is not simulated: nothing, or what a new account has. */
const settings = {
  bacs_debit_payments: { display_name: null, service_user_number: null },
  branding: { icon: null, logo: null, primary_color: null, secondary_color: null },
  card_issuing: { tos_acceptance: { date: null, ip: null } },
  card_payments: {
    decline_on: { avs_failure: false, cvc_failure: false },
    statement_descriptor_prefix: null,
    statement_descriptor_prefix_kana: null,
    statement_descriptor_prefix_kanji: null,
  },
  invoices: { default_account_tax_ids: null, hosted_payment_method_save: null },
  payments: {
    statement_descriptor: null,
    statement_descriptor_kana: null,
    statement_descriptor_kanji: null,
    statement_descriptor_prefix_kana: null,
    statement_descriptor_prefix_kanji: null,
  },
  payouts: {
    debit_negative_balances: true,
    schedule: { delay_days: 2, interval: 'daily' },
    statement_descriptor: null,
  },
  sepa_debit_payments: {},
}

const retrieveOwn: Handler = (transaction) => {
  const id = accountId(transaction)
  const accounts = { object: 'list', data: [], has_more: false, url: `/v1/accounts/${id}/external_accounts` }
  const { businessName: name } = settingsOf(transaction)
  return {
    ...account(id),
    business_profile: { ...profile, name },
    external_accounts: accounts,
    settings: { ...settings, dashboard: { display_name: name, timezone: 'Etc/UTC' } },
  }
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
