import { afterEach, expect, test, vi } from 'vitest'
import { Engine } from './engine.js'

afterEach(() => vi.useRealTimers())

test('where time passes as it does, what is due happens by itself', async () => {
  vi.useFakeTimers({ now: 1_800_000_000_000 })
  const clock = { mode: 'real' as const, value: 0 }
  const engine = new Engine({ seed: 1, clock, settings: { finalizationDelay: 3600 }, deliveryMode: 'manual' })
  const world = engine.worldOf(null)
  const customer = madeBy(world.run({ name: 'customers.create' }))
  const invoice = madeBy(world.run({ name: 'invoices.create', params: { customer, auto_advance: true } }))
  const status = (): unknown => world.view().get('invoices', invoice)?.status
  vi.advanceTimersByTime(3_599_000)
  expect(status()).toBe('draft')
  vi.advanceTimersByTime(1000)
  expect(status()).toBe('paid')
  await engine.close()
  expect(vi.getTimerCount()).toBe(0)
})

function madeBy(reply: unknown): string {
  // Guaranteed: both commands succeed, and answer what they made.
  return (reply as { readonly body: { readonly id: string } }).body.id
}
