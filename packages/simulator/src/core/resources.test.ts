import { expect, test } from 'vitest'
import { defaultSettings } from './account-settings.js'
import { execute, type Reply } from './machine.js'
import { applyChanges, createState, type State } from './state.js'

const START = 1_700_000_000

function world(): State {
  const state = createState(7)
  applyChanges(state, {
    writes: [{ table: 'account_settings', id: 'settings', value: defaultSettings, sequence: 1 }],
    counters: { ids: 0, sequence: 1 },
  })
  return state
}

function run(state: State, name: string, params: object, path: Record<string, string> = {}): Reply {
  const context = { apiVersion: '2026-10-28.endive', request: null }
  const outcome = execute(state, { name, path, params: { ...params }, context }, START)
  applyChanges(state, outcome.changes)
  return outcome.reply
}

function made(reply: Reply): { id: string } & Record<string, unknown> {
  if (!reply.ok) throw new Error(reply.error.message)
  return reply.body as { id: string } & Record<string, unknown>
}

test('a customer keeps metadata that is merged and unset key by key', () => {
  const state = world()
  const { id } = made(run(state, 'customers.create', { email: 'ada@example.com', metadata: { a: '1', b: '2' } }))
  const after = made(run(state, 'customers.update', { metadata: { a: '', c: '3' } }, { id }))
  expect(after['metadata']).toEqual({ b: '2', c: '3' })
})

test('a declined card is not attached, and leaves nothing behind', () => {
  const state = world()
  const { id: customer } = made(run(state, 'customers.create', {}))
  const reply = run(state, 'payment_methods.attach', { customer }, { id: 'pm_card_chargeDeclined' })
  expect(reply).toMatchObject({
    ok: false,
    status: 402,
    error: { code: 'card_declined', decline_code: 'generic_decline' },
  })
  expect(made(run(state, 'payment_methods.list', { customer }))['data']).toEqual([])
})

test('the card that fails later is attached', () => {
  const state = world()
  const { id: customer } = made(run(state, 'customers.create', {}))
  const reply = run(state, 'payment_methods.attach', { customer }, { id: 'pm_card_chargeCustomerFail' })
  expect(made(reply)).toMatchObject({ customer, card: { last4: '0341' } })
})

test('a lookup key belongs to one price until it is transferred', () => {
  const state = world()
  const { id: product } = made(run(state, 'products.create', { name: 'Pro' }))
  const price = { product, currency: 'usd', unit_amount: 2000, recurring: { interval: 'month' }, lookup_key: 'pro' }
  const first = made(run(state, 'prices.create', price))
  expect(run(state, 'prices.create', price)).toMatchObject({ ok: false, status: 400 })
  const second = made(run(state, 'prices.create', { ...price, transfer_lookup_key: true }))
  expect(made(run(state, 'prices.retrieve', {}, { id: first.id }))['lookup_key']).toBeNull()
  expect(second['lookup_key']).toBe('pro')
})

test('an unknown id answers as Stripe does', () => {
  const reply = run(world(), 'customers.retrieve', {}, { id: 'cus_none' })
  expect(reply).toMatchObject({
    ok: false,
    status: 404,
    error: { code: 'resource_missing', message: "No such customer: 'cus_none'" },
  })
})
