import { expect, test } from 'vitest'
import { tryRule } from '../rule.js'
import { noSleep } from './no-sleep.js'

const path = 'tests/e2e/story.test.ts'

test.each([
  'await new Promise((resolve) => setTimeout(resolve, 100))',
  'await new Promise((resolve) => { setTimeout(() => resolve(1), 100) })',
  'await sleep(100)',
  "import { setTimeout } from 'node:timers/promises'",
])('`%s` is found', (text) => {
  expect(tryRule(noSleep, path, text)).toEqual([expect.stringMatching(/^1: No .* in a test: await the state you want/)])
})

test.each([
  'await vi.waitFor(() => expect(mails).toHaveLength(1))',
  'const watchdog = setTimeout(() => child.kill(), 10_000)',
  'await clock.sleep(100)',
])('`%s` passes', (text) => expect(tryRule(noSleep, path, text)).toEqual([]))

test('only tests are meant', () => {
  expect(tryRule(noSleep, 'packages/paywright/src/inbox/loop.ts', 'sleep(1)')).toEqual([])
})
