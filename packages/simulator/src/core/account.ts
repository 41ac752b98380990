import type { Handlers } from './handler.js'
import { idAt } from './ids.js'
import type { Transaction } from './transaction.js'

/** The account's own id is the same for a world's whole life, whatever else was made in it. */
const ACCOUNT_SEQUENCE = 0

export function accountId(transaction: Transaction): string {
  return idAt('acct', transaction.seed, ACCOUNT_SEQUENCE).slice(0, 'acct_'.length + 16)
}

export const accountHandlers: Handlers = {
  'account.retrieve': (transaction) => ({
    id: accountId(transaction),
    object: 'account',
    business_type: 'company',
    charges_enabled: true,
    country: 'US',
    created: 0,
    default_currency: 'usd',
    details_submitted: true,
    email: 'simulator@example.com',
    payouts_enabled: true,
    settings: { dashboard: { display_name: 'Simulated account', timezone: 'Etc/UTC' } },
    type: 'standard',
  }),
}
