import type { Breach, Rule } from '../rule.js'
import { isTest, type Source } from '../source.js'
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
  appliesTo: (path) => PURE_FOLDERS.some((folder) => path.startsWith(folder)) && !isTest(path),
  check: (source) => bannedUses(source, BANNED_IN_PURE_CODE),
}

const CLOCK = 'take a `Clock`'
const RANDOM = 'take a source of ids or randomness'

/** Uses that have one place each in a package, and what everybody else does. */
const ONE_PLACE: Readonly<Record<string, string>> = {
  'Date.now': CLOCK,
  'new Date()': CLOCK,
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

/** The one place of each package where time and randomness come in. */
export const SYSTEM_FILES: readonly string[] = ['packages/paywright/src/system.ts', 'packages/simulator/src/system.ts']

/** The system's clock and random source are read in one place; everything else is given them, and can be replayed. */
export const onePlace: Rule = {
  name: 'one-place',
  appliesTo: (path) => path.startsWith('packages/') && !isTest(path) && !SYSTEM_FILES.includes(path),
  check(source) {
    if (pureCode.appliesTo(source.path)) return []
    return bannedUses(source, ONE_PLACE).map(({ offset, message }) => ({
      offset,
      message: `${message} as a parameter or option; it is made in ${SYSTEM_FILES.join(' or ')}.`,
    }))
  },
}

/** Libraries tell their caller, or the `Log` they were given; only a command line prints. */
export const noConsole: Rule = {
  name: 'no-console',
  appliesTo: (path) => path.startsWith('packages/') && !isTest(path) && !/\/src\/cli(?:\/|\.ts$)/.test(path),
  check: (source) => bannedUses(source, { console: 'use the `Log` that was passed in, or throw an error.' }),
}

function bannedUses(source: Source, banned: Readonly<Record<string, string>>): readonly Breach[] {
  return usesIn(source).flatMap(({ name, offset }) => {
    const instead = Object.hasOwn(banned, name) ? banned[name] : undefined
    return instead === undefined ? [] : [{ offset, message: `No \`${name}\` here: ${instead}` }]
  })
}
