import { beforeEach, expect, test } from 'vitest'
import { memoryLog, type MemoryLog } from '../testing/memory-log.js'
import { createSharedClock, type SharedClock } from './shared-clock.js'

let own: number
let shared: number
let looks: number
let log: MemoryLog
let clock: SharedClock

beforeEach(() => {
  own = 1000
  shared = 1000
  looks = 0
  log = memoryLog()
  const databaseTime = async (): Promise<number> => {
    looks += 1
    return shared
  }
  clock = createSharedClock({ own: { now: () => own }, databaseTime, log })
})

test.each([
  ['right', 1000, 1000],
  ['ahead', 880, 880],
  ['behind', 1090, 1090],
])('a clock that is %s reads as that of the database', async (_which, time, expected) => {
  shared = time
  await clock.agree()
  expect(clock.now()).toBe(expected)
  own += 7
  expect(clock.now()).toBe(expected + 7)
})

test('before the first look it is the clock of the machine', () => {
  expect(clock.now()).toBe(1000)
})

test('it looks once a minute, and once for all who ask meanwhile', async () => {
  await Promise.all([clock.agree(), clock.agree()])
  own += 59
  await clock.agree()
  expect(looks).toBe(1)
  own += 1
  await clock.agree()
  expect(looks).toBe(2)
})

test('a clock that is set back is noticed at once', async () => {
  await clock.agree()
  own -= 3600
  await clock.agree()
  expect(clock.now()).toBe(1000)
})

test('an answer that took long corrects no more than it proves', async () => {
  const slow = createSharedClock({
    own: { now: () => own },
    databaseTime: async () => {
      own += 5
      return 1003
    },
    log,
  })
  await slow.agree()
  expect(slow.now()).toBe(1005)
})

test('a database that does not answer is reported, and asked again by the next', async () => {
  let isDown = true
  const flaky = createSharedClock({
    own: { now: () => own },
    databaseTime: async () => {
      if (isDown) throw new Error('down')
      return 1090
    },
    log,
  })
  await expect(flaky.agree()).rejects.toThrow('down')
  isDown = false
  await flaky.agree()
  expect(flaky.now()).toBe(1090)
})

test('its operator is told once that a clock is wrong', async () => {
  shared = 1120
  await clock.agree()
  own += 60
  shared += 60
  await clock.agree()
  expect(log.entries).toMatchObject([{ level: 'warn', fields: { seconds: -120 } }])
})
