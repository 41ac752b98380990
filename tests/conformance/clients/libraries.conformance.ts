import { createSimulator, type Simulator } from '@paywright/simulator'
import { cpSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { python, pythonWith } from './python.js'
import { findTool, keptFolder, run } from './tools.js'

const STRIPE_PYTHON = 'stripe==16.1.0'

const go = findTool('go', ['version'])

/** What every client has to see of the story it plays. */
const SEEN = {
  moved: 'ready',
  statuses: ['active', 'past_due', 'canceled'],
  paid: [2000, 2000],
  declined: [402, 'card_declined', 'insufficient_funds'],
  products: 13,
  types: ['customer.subscription.created', 'customer.subscription.deleted', 'customer.subscription.updated'],
}

let simulator: Simulator

beforeEach(async () => {
  simulator = await createSimulator()
})

afterEach(() => simulator.close())

describe('a subscription on a test clock, by libraries that know nothing of the simulator', () => {
  test.skipIf(!python.isThere)(`stripe-python${python.reason}`, async () => {
    const command = await pythonWith([STRIPE_PYTHON])
    const printed = await run(command, [pathOf('subscription.py'), simulator.url])
    expect(JSON.parse(printed)).toEqual(SEEN)
  })

  test.skipIf(!go.isThere)(`stripe-go${go.reason}`, async () => {
    const folder = await keptFolder('go-85.0.0', async (empty) => cpSync(pathOf('go'), empty, { recursive: true }))
    // The program may have changed since the folder was made; what it depends on is in Go's own cache.
    cpSync(pathOf('go'), folder, { recursive: true })
    const env = { GOFLAGS: '-mod=mod' }
    const printed = await run('go', ['run', '.', simulator.url], { cwd: folder, env })
    expect(JSON.parse(printed)).toEqual(SEEN)
  })
})

function pathOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}
