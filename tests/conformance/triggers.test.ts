import { createSimulator, type Simulator } from '@paywright/simulator'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startMeterHost, type MeterHost } from './meter-host.js'
import { officialCli, runCli, triggerNames } from './official-cli.js'
import { startReceiver, type Receiver } from './receiver.js'

/** Issuing, Connect, Identity, payouts and reports are no part of billing. */
const OUTSIDE =
  /^(?:account|cash_balance|customer_cash_balance_transaction|identity|issuing_\w+|payout|reporting|topup|transfer)\.|^payment_intent\.partially_funded$/

/** Fixtures that are named after another event than the one they make. */
const EVENT: Readonly<Record<string, string>> = {
  'subscription.payment_failed': 'invoice.payment_failed',
  'subscription.payment_succeeded': 'invoice.payment_succeeded',
}

const LONGEST_WAIT = { timeout: 10_000, interval: 100 }

const names = triggerNames()

let simulator: Simulator
let receiver: Receiver
let meterHost: MeterHost

beforeAll(async () => {
  receiver = await startReceiver()
  simulator = await createSimulator({ webhooks: [{ url: receiver.url }] })
  meterHost = await startMeterHost(simulator)
})

afterAll(async () => {
  meterHost.close()
  await simulator.close()
  await receiver.close()
})

describe.skipIf(!officialCli.isThere)(`stripe trigger${officialCli.reason}`, () => {
  test('the CLI knows as many events of billing, and of the balance, as were counted', () => {
    expect(names.filter((name) => !OUTSIDE.test(name))).toHaveLength(96)
  })

  test.each(names.filter((name) => !OUTSIDE.test(name)))('%s', async (name) => {
    const type = EVENT[name] ?? name
    const before = idsOf(type)
    const { code, text } = await runCli(simulator, ['trigger', name], meterHost.env)
    expect(code, text).toBe(0)
    // Almost all are there at once; what a payment adds to the balance is so a little later.
    const made = await vi.waitFor(() => {
      const found = idsOf(type).filter((id) => !before.includes(id))
      expect(found, `no new event ${type}`).not.toEqual([])
      return found
    }, LONGEST_WAIT)
    if (isThin(type)) return
    await simulator.deliveries.drain()
    expect(receiver.ids()).toEqual(expect.arrayContaining(made))
  })

  test.each(names.filter((name) => OUTSIDE.test(name)))('%s is refused, and told why', async (name) => {
    const { code, text } = await runCli(simulator, ['trigger', name])
    expect(code).not.toBe(0)
    expect(text).toMatch(/not simulated|Invalid payment_method_options/)
  })
})

function idsOf(type: string): readonly string[] {
  return simulator.world
    .view()
    .all(isThin(type) ? 'thin_events' : 'events')
    .filter((event) => event.type === type)
    .map(({ id }) => id)
}

function isThin(type: string): boolean {
  return type.startsWith('v1.')
}
