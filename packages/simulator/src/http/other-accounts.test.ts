import { expect, test } from 'vitest'
import { refuseOtherAccounts } from './other-accounts.js'

const OWN = 'acct_own'

function refusalOf(params: unknown): unknown {
  try {
    refuseOtherAccounts(params, OWN)
    return undefined
  } catch (error) {
    return (error as { readonly body: unknown }).body
  }
}

test.each<[string, unknown, object]>([
  [
    'an account that is liable',
    { automatic_tax: { liability: { type: 'account', account: 'acct_x' } } },
    { code: 'resource_missing', param: 'automatic_tax[liability][account]' },
  ],
  [
    'an account that is not said',
    { issuer: { type: 'account' } },
    { code: 'parameter_missing', param: 'issuer[account]' },
  ],
  [
    'an issuer in a phase',
    { phases: [{ invoice_settings: { issuer: { type: 'account', account: 'acct_x' } } }] },
    { param: 'phases[0][invoice_settings][issuer][account]' },
  ],
  [
    'on whose behalf it is',
    { default_settings: { on_behalf_of: 'acct_x' } },
    { code: 'resource_missing', message: "No such account: 'acct_x'" },
  ],
  [
    'where the money goes',
    { phases: [{ transfer_data: { destination: 'acct_x' } }] },
    { message: "No such destination: 'acct_x'", param: 'phases[0][transfer_data][destination]' },
  ],
  [
    'a fee',
    { default_settings: { application_fee_percent: 5 } },
    { param: 'default_settings[application_fee_percent]' },
  ],
  ['an account as customer', { customer_account: 'acct_x' }, { code: 'resource_missing', param: 'customer_account' }],
])('%s is refused', (_what, params, refusal) => {
  expect(refusalOf(params)).toMatchObject(refusal)
})

test.each<[string, unknown]>([
  [
    'itself',
    { issuer: { type: 'self' }, automatic_tax: { enabled: true, liability: { type: 'account', account: OWN } } },
  ],
  ['what is unset', { on_behalf_of: '', customer_account: '', application_fee_percent: '' }],
  ['metadata', { metadata: { on_behalf_of: 'acct_x' } }],
])('%s is let through', (_what, params) => {
  expect(refusalOf(params)).toBeUndefined()
})
