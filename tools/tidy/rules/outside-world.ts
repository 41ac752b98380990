import type { Breach, Rule } from '../rule.js'
import { isTest, isTestSupport, type Source } from '../source.js'
import { usesIn } from '../uses.js'

const PURE_FOLDERS = ['packages/paywright/src/domain/', 'packages/simulator/src/core/']

const TAKE_NOW = 'take `now` as a parameter; the caller asks its clock.'
const TAKE_ID = 'take the id or the random number as a parameter; the caller has a source of them.'
const DECIDE = 'decide here, synchronously, and let the caller do what was decided.'
const LATER = 'answer the instant at which something is due; the caller keeps the time.'

/** What pure code may not use, and what replaces it. */
const BANNED_IN_PURE_CODE: Readonly<Record<string, string>> = {
  await: DECIDE,
  async: DECIDE,
  'fetch()': DECIDE,
  'Date.now': TAKE_NOW,
  'new Date()': TAKE_NOW,
  'performance.now': TAKE_NOW,
  'Math.random': TAKE_ID,
  'crypto.randomUUID': TAKE_ID,
  'crypto.getRandomValues': TAKE_ID,
  globalThis: 'take what you need of it as a parameter.',
  process: 'take the setting as a parameter; only composition roots read the environment.',
  'setTimeout()': LATER,
  'setInterval()': LATER,
  'setImmediate()': LATER,
}

/** `domain` and `core` see nothing of the outside world: no clock, no randomness, no environment, no waiting. */
export const pureCode: Rule = {
  name: 'pure-code',
  appliesTo: (path) => isCode(path) && isPure(path),
  check: (source) => bannedUses(source, BANNED_IN_PURE_CODE),
}

/** Where the system's clock is read, and where randomness comes from. */
export const CLOCK_FILES: readonly string[] = ['packages/paywright/src/runtime.ts', 'packages/simulator/src/engine.ts']
export const RANDOM_FILES: readonly string[] = ['packages/paywright/src/runtime.ts']

const CLOCK = `take a clock as a parameter or option; it is made in ${CLOCK_FILES.join(' and ')}.`
const RANDOM = `take ids or randomness as a parameter or option; they are made in ${RANDOM_FILES.join(' and ')}.`

const CLOCKS: Readonly<Record<string, string>> = { 'Date.now': CLOCK, 'new Date()': CLOCK }
const RANDOMNESS: Readonly<Record<string, string>> = {
  'Math.random': RANDOM,
  'randomUUID()': RANDOM,
  'randomBytes()': RANDOM,
  'randomInt()': RANDOM,
  'getRandomValues()': RANDOM,
  'crypto.randomUUID': RANDOM,
  'crypto.randomBytes': RANDOM,
  'crypto.randomInt': RANDOM,
  'crypto.getRandomValues': RANDOM,
}

/** The system's clock and random source are read in one place; everything else is given them, and can be replayed. */
export const onePlace: Rule = {
  name: 'one-place',
  appliesTo: (path) => isCode(path) && !isPure(path),
  check: (source) => [
    ...(CLOCK_FILES.includes(source.path) ? [] : bannedUses(source, CLOCKS)),
    ...(RANDOM_FILES.includes(source.path) ? [] : bannedUses(source, RANDOMNESS)),
  ],
}

/** Libraries tell their caller, or the `Log` they were given; only a command line prints. */
export const noConsole: Rule = {
  name: 'no-console',
  appliesTo: (path) => isCode(path) && !/\/src\/cli(?:\/|\.ts$)/.test(path),
  check: (source) => bannedUses(source, { console: 'use the `Log` that was passed in, or throw an error.' }),
}

function bannedUses(source: Source, banned: Readonly<Record<string, string>>): readonly Breach[] {
  return usesIn(source).flatMap(({ name, offset }) => {
    const instead = Object.hasOwn(banned, name) ? banned[name] : undefined
    return instead === undefined ? [] : [{ offset, message: `No \`${name}\` here: ${instead}` }]
  })
}

const isPure = (path: string): boolean => PURE_FOLDERS.some((folder) => path.startsWith(folder))

/** What a package is made of, its tests and what they are made with left out. */
const isCode = (path: string): boolean => path.startsWith('packages/') && !isTest(path) && !isTestSupport(path)
