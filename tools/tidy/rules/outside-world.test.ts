import { describe, expect, test } from 'vitest'
import { tryRule } from '../rule.js'
import { CLOCK_FILES, noConsole, onePlace, pureCode, RANDOM_FILES } from './outside-world.js'

const domain = 'packages/paywright/src/domain/access.ts'
const core = 'packages/simulator/src/core/customers/customers.ts'
const engine = 'packages/paywright/src/engine/cancel.ts'

describe('pure-code', () => {
  test.each([
    ['await', 'await read()', 'decide here'],
    ['await', 'for await (const page of pages) take(page)', 'decide here'],
    ['async', 'const f = async () => 1', 'decide here'],
    ['fetch()', "fetch('https://example.com')", 'decide here'],
    ['Date.now', 'const now = Date.now()', 'take `now`'],
    ['Date.now', 'const clock = { now: Date.now }', 'take `now`'],
    ['new Date()', 'const now = new Date()', 'take `now`'],
    ['performance.now', 'performance.now()', 'take `now`'],
    ['Math.random', 'Math.random()', 'take the id'],
    ['crypto.randomUUID', 'crypto.randomUUID()', 'take the id'],
    ['process', 'const key = process.env.KEY', 'take the setting'],
    ['process', "const key = process['env']", 'take the setting'],
    ['globalThis', 'globalThis.crypto', 'take what you need'],
    ['setTimeout()', 'setTimeout(later, 1)', 'answer the instant'],
    ['setInterval()', 'setInterval(later, 1)', 'answer the instant'],
    ['setImmediate()', 'setImmediate(later)', 'answer the instant'],
  ])('no `%s`', (name, text, instead) => {
    for (const path of [domain, core]) {
      const findings = tryRule(pureCode, path, `\n${text}`)
      expect(findings).toHaveLength(1)
      expect(findings[0]).toContain(`2: No \`${name}\` here: ${instead}`)
    }
  })

  test.each([
    ['a date of a given instant', 'new Date(now * 1000)'],
    ['a word in a text', "const reason = 'await the process: fetch(), Date.now'"],
    ['a member named by a variable', 'table[now]; Date[now]'],
    ['a word in a comment', '// Date.now() is banned.'],
    ['a method of the same name', 'gateway.fetch(id); const decision = plan.process'],
  ])('%s passes', (_name, text) => expect(tryRule(pureCode, domain, text)).toEqual([]))

  test('only pure folders are meant, and not the tests in them', () => {
    for (const path of [
      engine,
      'packages/simulator/src/server.ts',
      'packages/simulator/src/core/ids.test.ts',
      'packages/simulator/src/core/testing/bench.ts',
    ]) {
      expect(tryRule(pureCode, path, 'await Date.now()')).toEqual([])
    }
  })
})

describe('one-place', () => {
  test.each(['Date.now()', 'new Date()'])('`%s` has one place in each package', (text) => {
    expect(tryRule(onePlace, engine, text)).toEqual([expect.stringMatching(/^1: No `.*take a clock .*runtime\.ts/)])
    for (const path of CLOCK_FILES) expect(tryRule(onePlace, path, text)).toEqual([])
  })

  test.each([
    'Math.random()',
    'randomUUID()',
    'randomBytes(8)',
    'randomInt(8)',
    'getRandomValues(bytes)',
    'crypto.randomUUID()',
    'crypto.randomBytes(8)',
    'crypto.randomInt(8)',
    'crypto.getRandomValues(bytes)',
  ])('`%s` has one place', (text) => {
    for (const path of [engine, 'packages/simulator/src/engine.ts']) {
      expect(tryRule(onePlace, path, text)).toEqual([expect.stringMatching(/^1: No `.*take ids .*runtime\.ts/)])
    }
    for (const path of RANDOM_FILES) expect(tryRule(onePlace, path, text)).toEqual([])
  })

  test('tests may, and so may programs outside the packages', () => {
    for (const path of [
      'packages/paywright/src/engine/cancel.test.ts',
      'packages/paywright/src/testing/local-postgres.ts',
      'apps/demo/server/app.ts',
    ]) {
      expect(tryRule(onePlace, path, 'Date.now()')).toEqual([])
    }
  })

  test('a date of a given instant passes', () => expect(tryRule(onePlace, engine, 'new Date(0)')).toEqual([]))
})

describe('no-console', () => {
  test('a library does not print', () => {
    expect(tryRule(noConsole, engine, "console.error('lost')")).toEqual([
      '1: No `console` here: use the `Log` that was passed in, or throw an error.',
    ])
  })

  test('a command line does, and so do tests and programs', () => {
    for (const path of [
      'apps/demo/server/main.ts',
      'packages/paywright/src/a.test.ts',
      'packages/paywright/src/cli/main.ts',
      'packages/simulator/src/cli.ts',
    ]) {
      expect(tryRule(noConsole, path, "console.log('ready')")).toEqual([])
    }
  })
})
