import { createSimulator, type Simulator } from '@paywright/simulator'
import type { ChildProcess } from 'node:child_process'
import Stripe from 'stripe'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { officialCli, runCli, startCli } from './official-cli.js'
import { startReceiver, type Receiver } from './receiver.js'

let simulator: Simulator
let receiver: Receiver
let stripe: Stripe
let cli: ChildProcess | undefined

beforeEach(async () => {
  receiver = await startReceiver()
  simulator = await createSimulator()
  const { host, port } = simulator
  stripe = new Stripe(simulator.secretKey, { host, port, protocol: 'http' })
})

afterEach(async () => {
  cli?.kill()
  cli = undefined
  await simulator.close()
  await receiver.close()
})

/** `stripe listen`, once it says that it is ready; resolves to all that it has said by then. */
async function listening(...args: readonly string[]): Promise<string> {
  const started = startCli(simulator, ['listen', '--skip-update', '--forward-to', receiver.url, ...args])
  cli = started
  let said = ''
  await new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      said += chunk.toString()
      if (said.includes('Ready!')) resolve()
    }
    started.stdout?.on('data', hear)
    started.stderr?.on('data', hear)
    started.on('exit', (code) => reject(new Error(`stripe listen ended with ${code}: ${said}`)))
  })
  return said
}

describe.skipIf(!officialCli.isThere)(`the official CLI${officialCli.reason}`, () => {
  test.each([
    ['', []],
    [' --latest', ['--latest']],
  ])('stripe listen%s forwards what happens, signed with the secret it shows', async (_name, args) => {
    const said = await listening('--all-snapshot', ...args)
    const [secret = ''] = /whsec_\w+/.exec(said) ?? []
    const customer = await stripe.customers.create({ name: 'Ada' })
    await vi.waitUntil(() => receiver.requests.length > 0)
    const [request = { body: '', signature: '' }] = receiver.requests
    const event = stripe.webhooks.constructEvent(request.body, request.signature, secret)
    expect(event).toMatchObject({ type: 'customer.created', data: { object: { id: customer.id } } })
    expect(receiver.requests).toHaveLength(1)
  })

  test('it forwards only the events that it was asked for', async () => {
    await listening('--events', 'product.created')
    await stripe.customers.create({ name: 'Ada' })
    await stripe.products.create({ name: 'Pro' })
    await vi.waitUntil(() => receiver.requests.length > 0)
    expect(receiver.requests.map(({ body }) => stripeType(body))).toEqual(['product.created'])
  })

  test('with --all-thin it forwards thin events', async () => {
    await listening('--all-thin')
    const customer = await stripe.customers.create({ name: 'Ada' })
    await vi.waitUntil(() => receiver.requests.length > 0)
    const [request = { body: '' }] = receiver.requests
    expect(JSON.parse(request.body)).toMatchObject({
      object: 'v2.core.event',
      type: 'v1.customer.created',
      related_object: { id: customer.id },
    })
  })

  test('stripe listen --print-secret shows the same secret each time', async () => {
    const first = await runCli(simulator, ['listen', '--print-secret'])
    expect(first).toMatchObject({ code: 0, text: expect.stringMatching(/^whsec_\w{64}\n$/) })
    expect(await runCli(simulator, ['listen', '--print-secret'])).toEqual(first)
  })
})

function stripeType(body: string): unknown {
  return (JSON.parse(body) as { type: unknown }).type
}
