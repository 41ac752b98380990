import { describe, expect, test } from 'vitest'
import type { RequestBudget, Urgency } from '../engine/ports.js'
import { BillingError } from '../errors.js'
import { memoryLog } from '../testing/memory-log.js'
import { createPace, type Pace } from './pace.js'

const CAPACITY = 8

interface Bench {
  readonly pace: Pace
  readonly loans: { readonly most: number; readonly keep: number }[]
  readonly waits: number[]
  readonly log: ReturnType<typeof memoryLog>
  pass(milliseconds: number): void
  /** One more process on the same budget and clock. */
  another(): Pace
}

/** A bucket in memory, with so many requests a second, on a clock that stands still but for what is waited. */
function createBench(perSecond: number, options: { readonly fault?: () => Error | null } = {}): Bench {
  const loans: { most: number; keep: number }[] = []
  const waits: number[] = []
  const log = memoryLog()
  let now = 1000
  let tokens: number = CAPACITY
  let refilledAt = now
  let blockedUntil = 0
  const budget: RequestBudget = {
    borrow: (wish) => {
      const fault = options.fault?.() ?? null
      if (fault !== null) return Promise.reject(fault)
      loans.push(wish)
      tokens = Math.min(CAPACITY, tokens + ((now - refilledAt) * perSecond) / 1000)
      refilledAt = now
      const granted = now < blockedUntil ? 0 : Math.max(0, Math.floor(Math.min(wish.most, tokens - wish.keep)))
      tokens -= granted
      const missing = Math.ceil(((1 + wish.keep - tokens) * 1000) / perSecond)
      return Promise.resolve({ granted, waitMilliseconds: granted > 0 ? 0 : Math.max(missing, blockedUntil - now) })
    },
    pause: (seconds) => {
      blockedUntil = now + seconds * 1000
      return Promise.resolve()
    },
  }
  const wait = (milliseconds: number): Promise<void> => {
    waits.push(milliseconds)
    now += milliseconds
    return Promise.resolve()
  }
  const another = (): Pace => createPace({ budget, capacity: CAPACITY, now: () => now, wait, log })
  return { pace: another(), another, loans, waits, log, pass: (milliseconds) => void (now += milliseconds) }
}

async function send(pace: Pace, urgency: Urgency = 'prompt'): Promise<void> {
  const leave = await pace.enter(urgency)
  leave()
}

describe('a lone read', () => {
  test('waits for nothing, and its requests share one loan of just what it needs', async () => {
    const { pace, loans, waits } = createBench(10)
    await Promise.all(Array.from({ length: 4 }, () => send(pace)))
    expect(loans).toEqual([{ most: 4, keep: 0 }])
    expect(waits).toEqual([])
  })

  test('asks nobody where there is no limit', async () => {
    const pace = createPace({
      budget: null,
      capacity: 0,
      now: () => 0,
      wait: () => Promise.reject(new Error('It waited.')),
      log: memoryLog(),
    })
    const sent = await Promise.all(Array.from({ length: 100 }, () => send(pace)))
    expect(sent).toHaveLength(100)
  })
})

describe('many requests', () => {
  test('are spread over the time that they need, by fewer questions than there are requests', async () => {
    const { pace, loans, waits } = createBench(100)
    await Promise.all(Array.from({ length: 108 }, () => send(pace)))
    const waited = waits.reduce((sum, milliseconds) => sum + milliseconds, 0)
    // What was in the bucket goes at once.
    expect(waited).toBeGreaterThanOrEqual(990)
    expect(waited).toBeLessThanOrEqual(1100)
    expect(loans.length).toBeLessThan(108 / 2)
  })

  test('a busy process borrows more than it needs just now, and what it does not use in time is lost', async () => {
    const { pace, loans, pass } = createBench(100)
    await send(pace)
    await send(pace)
    expect(loans.map(({ most }) => most)).toEqual([1, 2])
    pass(101)
    await send(pace)
    expect(loans.map(({ most }) => most)).toEqual([1, 2, 1])
  })

  test('of two processes together get no more than one', async () => {
    const { pace, another, waits } = createBench(10)
    const other = another()
    await Promise.all([
      ...Array.from({ length: 14 }, () => send(pace)),
      ...Array.from({ length: 14 }, () => send(other)),
    ])
    const waited = waits.reduce((sum, milliseconds) => sum + milliseconds, 0)
    expect(waited).toBeGreaterThanOrEqual(1900)
  })
})

test('who can wait leaves half of the bucket', async () => {
  const { pace, loans, waits } = createBench(1)
  await Promise.all(Array.from({ length: 4 }, () => send(pace, 'patient')))
  expect(loans).toEqual([{ most: 4, keep: CAPACITY / 2 }])
  expect(waits).toEqual([])
  await Promise.all(Array.from({ length: 4 }, () => send(pace)))
  expect(waits, 'what was left is there for who cannot wait').toEqual([])
  await send(pace, 'patient')
  expect(waits).toEqual([5000])
})

describe('when Stripe asks for fewer requests', () => {
  test('all processes pause, and it is said in the log', async () => {
    const { pace, another, waits, log } = createBench(10)
    const other = another()
    await Promise.all([send(pace), send(other)])
    await pace.pause({ seconds: 7, reason: 'global-rate' })
    await send(pace)
    expect(waits).toEqual([7000])
    await other.pause({ seconds: 3, reason: 'global-rate' })
    await send(other)
    expect(waits).toEqual([7000, 3000])
    const [entry] = log.entries
    expect(entry).toMatchObject({ level: 'warn', fields: { seconds: 7, reason: 'global-rate' } })
  })

  test('what was borrowed before is not used any more', async () => {
    const { pace, waits } = createBench(100)
    await send(pace)
    await send(pace)
    await pace.pause({ seconds: 1, reason: 'not said' })
    await send(pace)
    expect(waits).toEqual([1000])
  })
})

describe('a fault', () => {
  test('of the database is that of who wants to send, and the next one asks again', async () => {
    let isDown = true
    const down = new BillingError('database_unavailable')
    const { pace } = createBench(10, { fault: () => (isDown ? down : null) })
    await expect(Promise.all([send(pace), send(pace)])).rejects.toBe(down)
    isDown = false
    await send(pace)
  })

  test('leaves its place to others', async () => {
    const down = new BillingError('database_unavailable')
    let faults = 100
    const { pace } = createBench(1000, { fault: () => (faults-- > 0 ? down : null) })
    for (let count = 0; count < 100; count += 1) await expect(send(pace)).rejects.toBe(down)
    await Promise.all(Array.from({ length: 30 }, () => send(pace)))
  })

  test('is a wait that is longer than a lease allows', async () => {
    const { pace, waits } = createBench(10)
    await pace.pause({ seconds: 30, reason: 'global-rate' })
    await expect(send(pace)).rejects.toMatchObject({ code: 'stripe_rate_limited' })
    expect(waits).toEqual([])
  })
})
