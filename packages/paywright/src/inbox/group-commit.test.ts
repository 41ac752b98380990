import { describe, expect, test } from 'vitest'
import { BillingError } from '../errors.js'
import { createGroupCommit, type GroupCommitPolicy } from './group-commit.js'

const POLICY: GroupCommitPolicy = { flights: 1, mostTogether: 3, mostWaiting: 4, mostWaitingBytes: 100 }

interface Flight {
  readonly items: readonly string[]
  readonly land: () => void
  readonly crash: (error: Error) => void
}

/** A database that commits when the test says so. */
function createBench(policy: Partial<GroupCommitPolicy> = {}) {
  const flights: Flight[] = []
  const group = createGroupCommit<string, string>(
    { ...POLICY, ...policy },
    {
      write: (items) =>
        new Promise((resolve, reject) => {
          flights.push({ items, land: () => resolve(items.map((item) => `${item} is written`)), crash: reject })
        }),
      weigh: (item) => item.length,
    },
  )
  const flight = async (place: number): Promise<Flight> => {
    await expect.poll(() => flights.length).toBeGreaterThan(place)
    const found = flights[place]
    if (found === undefined) throw new Error(`There is no flight ${place}.`)
    return found
  }
  return { ...group, flights, flight }
}

test('it is busy from the first item on until none is under way', async () => {
  const { submit, isBusy, flight } = createBench()
  expect(isBusy()).toBe(false)
  const answers = [submit('a'), submit('b')]
  expect(isBusy()).toBe(true)
  ;(await flight(0)).land()
  ;(await flight(1)).land()
  await Promise.all(answers)
  await expect.poll(isBusy).toBe(false)
})

test('what comes alone is written at once, alone', async () => {
  const { submit, flights } = createBench()
  const answer = submit('a')
  expect(flights).toHaveLength(1)
  flights[0]?.land()
  expect(await answer).toBe('a is written')
})

test('what comes while a write is under way shares the next one, up to the bound, and each hears of its own', async () => {
  const { submit, flight, flights } = createBench()
  const answers = ['a', 'b', 'c', 'd', 'e'].map(submit)
  expect(flights.map(({ items }) => items)).toEqual([['a']])
  ;(await flight(0)).land()
  expect((await flight(1)).items).toEqual(['b', 'c', 'd'])
  ;(await flight(1)).land()
  expect((await flight(2)).items).toEqual(['e'])
  ;(await flight(2)).land()
  expect(await Promise.all(answers)).toEqual(['a', 'b', 'c', 'd', 'e'].map((item) => `${item} is written`))
})

test('as many writes are under way as are allowed', () => {
  const { submit, flights } = createBench({ flights: 2 })
  for (const item of ['a', 'b', 'c']) void submit(item)
  expect(flights.map(({ items }) => items)).toEqual([['a'], ['b']])
})

describe('too much', () => {
  test('items are refused at once, and taken again when there is room', async () => {
    const { submit, flight } = createBench()
    const answers = ['a', 'b', 'c', 'd', 'e'].map(submit)
    await expect(submit('f')).rejects.toMatchObject({ code: 'overloaded', status: 503 })
    ;(await flight(0)).land()
    await flight(1)
    answers.push(submit('f'))
    ;(await flight(1)).land()
    ;(await flight(2)).land()
    expect(await Promise.all(answers)).toHaveLength(6)
  })

  test('the weight is bounded, too, and given back', async () => {
    const { submit, flight } = createBench()
    const heavy = 'x'.repeat(60)
    const [first, second] = [submit(heavy), submit(heavy)]
    await expect(submit(heavy)).rejects.toMatchObject({ code: 'overloaded' })
    ;(await flight(0)).land()
    await first
    await flight(1)
    const third = submit(heavy)
    ;(await flight(1)).land()
    ;(await flight(2)).land()
    expect(await Promise.all([second, third])).toHaveLength(2)
  })
})

describe('a fault', () => {
  test('of one item does not reach those that shared its write', async () => {
    const { submit, flight } = createBench()
    const answers = Promise.allSettled(['a', 'bad', 'c'].map(submit))
    ;(await flight(0)).land()
    ;(await flight(1)).crash(new Error('bad is bad'))
    expect((await flight(2)).items).toEqual(['bad'])
    ;(await flight(2)).crash(new Error('bad is bad'))
    expect((await flight(3)).items).toEqual(['c'])
    ;(await flight(3)).land()
    expect((await answers).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })

  test('of a lock that is waited for in vain is waited for alone once, and then told to the rest', async () => {
    const { submit, flight, flights } = createBench({ mostWaiting: 5, mostTogether: 4 })
    const answers = Promise.allSettled(['a', 'b', 'locked', 'c', 'd'].map(submit))
    ;(await flight(0)).land()
    ;(await flight(1)).crash(new BillingError('database_busy'))
    expect((await flight(2)).items).toEqual(['b'])
    ;(await flight(2)).land()
    expect((await flight(3)).items).toEqual(['locked'])
    ;(await flight(3)).crash(new BillingError('database_busy'))
    const results = (await answers).map(({ status }) => status)
    expect(results).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected', 'rejected'])
    expect(flights).toHaveLength(4)
  })

  test('of the database is told to all at once, and the next are tried', async () => {
    const { submit, flight, flights } = createBench()
    const answers = Promise.allSettled(['a', 'b', 'c'].map(submit))
    ;(await flight(0)).land()
    ;(await flight(1)).crash(new BillingError('database_unavailable'))
    expect((await answers).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
    expect(flights).toHaveLength(2)
    const next = submit('d')
    ;(await flight(2)).land()
    expect(await next).toBe('d is written')
  })
})
