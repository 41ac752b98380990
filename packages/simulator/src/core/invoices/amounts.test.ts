import fc from 'fast-check'
import { expect, test } from 'vitest'
import { balanceChanges, settle } from './amounts.js'

test.each([
  ['no balance', 1000, 0, 1000, 0],
  ['credit covers part', 1000, -300, 700, 0],
  ['credit covers all', 1000, -1500, 0, -500],
  ['debt is added', 1000, 200, 1200, 0],
  ['a negative total becomes credit', -400, 0, 0, -400],
  ['a negative total leaves debt alone but for its amount', -400, 1000, 0, 600],
  ['nothing to pay leaves debt alone', 0, 200, 0, 200],
  ['less than can be charged is owed', 49, 0, 0, 49],
  ['credit that leaves less than can be charged', 1000, -970, 0, 30],
] as const)('%s', (_name, total, balance, amountDue, endingBalance) => {
  expect(settle(total, balance, 50)).toEqual({ amountDue, endingBalance })
})

const amounts = fc.integer({ min: -100_000, max: 100_000 })

test('nothing is lost between total, balance and amount due', () => {
  fc.assert(
    fc.property(amounts, amounts, fc.nat(100), (total, balance, minimum) => {
      const { amountDue, endingBalance } = settle(total, balance, minimum)
      expect(amountDue).toBeGreaterThanOrEqual(0)
      expect(balance + total).toBe(amountDue + endingBalance)
    }),
  )
})

test.each([
  ['credit is used', 1000, -300, 0, [{ amount: 300, type: 'applied_to_invoice' }]],
  ['a negative total becomes credit', -400, 0, -400, [{ amount: -400, type: 'applied_to_invoice' }]],
  ['what cannot be charged is owed', 49, 0, 49, [{ amount: 49, type: 'invoice_too_small' }]],
  [
    'so is what credit leaves of it',
    1000,
    -970,
    30,
    [
      { amount: 970, type: 'applied_to_invoice' },
      { amount: 30, type: 'invoice_too_small' },
    ],
  ],
  ['it joins what was owed before', 20, 10, 30, [{ amount: 20, type: 'invoice_too_small' }]],
  ['debt is paid with the invoice', 1000, 200, 0, [{ amount: -200, type: 'applied_to_invoice' }]],
  ['nothing changes', 1000, 0, 0, []],
] as const)('entries of the ledger: %s', (_name, total, starting, ending, entries) => {
  expect(balanceChanges(total, starting, ending)).toEqual(entries)
})
