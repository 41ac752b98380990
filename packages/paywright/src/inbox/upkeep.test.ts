import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { StripeGateway } from '../engine/ports.js'
import { BillingError } from '../errors.js'
import { compareWithStripe } from '../testing/compare-with-stripe.js'
import { createRepairWorld, REPAIR_DATABASES, type RepairWorld } from '../testing/repair-world.js'
import { createTestBilling, type TestBilling } from '../testing/test-billing.js'

const HOUR = 3600

describe.each(REPAIR_DATABASES)('what catches up by itself on %s', (kind) => {
  let world: RepairWorld
  /** Who has asked for events, in their order. */
  let questions: string[] = []
  let isDown = false
  const open: TestBilling[] = []

  const newProcess = (name: string): TestBilling => {
    const wrapGateway = (gateway: StripeGateway): StripeGateway => ({
      ...gateway,
      listEvents: (request) => {
        questions.push(name)
        if (isDown) return Promise.reject(new BillingError('stripe_unavailable'))
        return gateway.listEvents(request)
      },
    })
    const { simulator, database } = world
    const app = createTestBilling({ simulator, database, options: { catchUp: '1h' }, seams: { wrapGateway } })
    open.push(app)
    return app
  }

  beforeAll(async () => {
    world = await createRepairWorld(kind)
  })
  afterEach(async () => {
    isDown = false
    for (const app of open.splice(0)) await app.billing.stop()
    await world.simulator.clock.advance(2 * HOUR)
    questions = []
  })
  afterAll(() => world.close())

  test('events whose webhooks never came are found within the hour by the passes that cron asks for', async () => {
    const { billing } = newProcess('one')
    await billing.work()
    await world.story.subscribe('ada')
    await billing.work()
    expect((await billing.access('ada')).plan).toBe('free')
    await world.simulator.clock.advance(HOUR)
    await billing.work()
    expect((await billing.access('ada')).plan).toBe('pro')
    expect(await compareWithStripe(world.database, world.bench.stripe)).toEqual([])
    expect(questions).toEqual(['one', 'one'])
  })

  test('and by an instance that starts, and then each hour', async () => {
    await world.story.subscribe('grace')
    const { billing } = newProcess('one')
    billing.start()
    await expect.poll(async () => (await billing.access('grace')).plan).toBe('pro')
  })

  test('of several instances one asks, for one page where nothing was lost', async () => {
    const processes = ['one', 'two', 'three', 'four'].map(newProcess)
    for (const { billing } of processes) billing.start()
    await expect.poll(() => questions.length).toBe(1)
    await Promise.all(processes.map(({ billing }) => billing.work()))
    await Promise.all(processes.map(({ billing }) => billing.work()))
    expect(questions).toHaveLength(1)
    const runs = (await processes[0]?.billing.health())?.runs
    expect(runs).toMatchObject([{ name: 'catch_up', completedAt: new Date(world.simulator.clock.now() * 1000) }])
  })

  test('what fails is no fault of the pass, and is done again by whoever comes after a while', async () => {
    const { billing, log } = newProcess('one')
    await world.story.subscribe('linus')
    isDown = true
    expect(await billing.work()).toMatchObject({ failed: 0 })
    expect(log.entries.map(({ message }) => message)).toContain('Catching up with the events of Stripe failed.')
    isDown = false
    await billing.work()
    expect((await billing.access('linus')).plan, 'somebody may still be at it').toBe('free')
    await world.simulator.clock.advance(300)
    await newProcess('two').billing.work()
    expect((await billing.access('linus')).plan).toBe('pro')
    expect(questions).toEqual(['one', 'two'])
  })

  test('it may be switched off', async () => {
    const { simulator, database } = world
    await world.story.subscribe('edsger')
    const { billing } = createTestBilling({ simulator, database, options: { catchUp: false } })
    await billing.work()
    expect((await billing.access('edsger')).plan).toBe('free')
  })

  test('the first one of an account looks no further back than to its own beginning', async () => {
    const { database, simulator } = world
    await simulator.clock.advance(3 * HOUR)
    await database.exec('truncate paywright.runs, paywright.receipts', [])
    await database.exec('update paywright.listening set since = to_timestamp($1::bigint)', [simulator.clock.now()])
    await newProcess('one').billing.work()
    const [row] = await database.exec('select count(*)::integer as receipts from paywright.receipts', [])
    expect(row).toEqual({ receipts: 0 })
  })
})
