import type { Ids } from './ids.js'
import { isObject, type Json, type JsonObject } from './recordings.js'

/** Two answers to the same request, and when each was given. */
export interface Answers {
  readonly recorded: JsonObject
  readonly recordedAt: number
  readonly own: JsonObject
  readonly ownAt: number
  readonly ids: Ids
}

const DAY = 86_400
const MINUTES = 15 * 60

/** Chance or the calendar decides these: only their type is compared. */
const CHANCE = new Set(
  (
    'fingerprint authorization_code network_transaction_id risk_score invoice_prefix receipt_number exp_month exp_year ' +
    'available_on reference request_log_url'
  ).split(' '),
)

/** Settings or the past of the account that was recorded: only their presence is compared. */
const ACCOUNT = new Set(
  (
    'account_name account_country application branding_settings adaptive_pricing calculated_statement_descriptor ' +
    'payment_method_types payment_method_configuration_details use_stripe_sdk'
  ).split(' '),
)

/** What charges still carried when they were recorded, and neither the SDK nor the reference declares any more. */
const UNDECLARED = /^(?:latest_charge\.)?(?:destination|dispute|order) is missing$/

/** What is wrong with our answer: each missing key and each value that differs, by its path. */
export function differences(answers: Answers): readonly string[] {
  const all = compare(answers, { recorded: answers.recorded, own: answers.own, path: '', key: '' })
  return all.filter((difference) => !UNDECLARED.test(difference))
}

interface Place {
  readonly recorded: Json
  readonly own: Json | undefined
  readonly path: string
  readonly key: string
}

function compare(answers: Answers, place: Place): readonly string[] {
  const { recorded, own, path, key } = place
  if (own === undefined) return [`${path} is missing`]
  if (ACCOUNT.has(key)) return []
  if (Array.isArray(recorded)) return compareLists(answers, place, recorded)
  if (isObject(recorded)) return compareObjects(answers, place, recorded)
  return isSame(answers, place) ? [] : [`${path} is ${JSON.stringify(own)} and was ${JSON.stringify(recorded)}`]
}

function compareLists(answers: Answers, { own, path, key }: Place, recorded: readonly Json[]): readonly string[] {
  if (!Array.isArray(own) || own.length !== recorded.length) {
    return [`${path} is ${JSON.stringify(own)} and had ${recorded.length} elements`]
  }
  return recorded.flatMap((item, index) => {
    return compare(answers, { recorded: item, own: own[index], path: `${path}[${index}]`, key })
  })
}

function compareObjects(answers: Answers, { own, path, key }: Place, recorded: JsonObject): readonly string[] {
  if (!isObject(own)) return [`${path} is ${JSON.stringify(own)} and was an object`]
  return Object.entries(recorded).flatMap(([name, value]) => {
    // How one may pay besides by card is a setting of the account.
    if (key === 'payment_method_options' && name !== 'card') return []
    return compare(answers, {
      recorded: value,
      own: own[name],
      path: path === '' ? name : `${path}.${name}`,
      key: name,
    })
  })
}

function isSame(answers: Answers, { recorded, own, key }: Place): boolean {
  if (CHANCE.has(key)) return typeof recorded === typeof own && (recorded === null) === (own === null)
  if (typeof recorded === 'string' && typeof own === 'string') return isSameText(answers.ids, key, [recorded, own])
  if (typeof recorded === 'number' && typeof own === 'number') return isSameNumber(answers, recorded, own)
  return recorded === own
}

function isSameText(ids: Ids, key: string, [recorded, own]: readonly [string, string]): boolean {
  if (/^https?:/.test(recorded)) return /^https?:/.test(own)
  const [secret] = /^.*_secret_/.exec(recorded) ?? []
  if (secret !== undefined) return own.startsWith(ids.translate(secret))
  const expected = ids.translate(recorded)
  if (key === 'number') return expected.replace(/^\w+/, '') === own.replace(/^\w+/, '')
  return withoutDates(expected) === withoutDates(own)
}

/** Texts name days of the recording's own time; and only accounts with connected accounts are told about these. */
function withoutDates(text: string): string {
  return text
    .replaceAll(/\b\d{1,2} [A-Z][a-z]{2} \d{4}\b/g, 'a day')
    .replace(/; It's possible this \w+ exists on .*$/, '')
}

/** Instants count from the answer; months and years have different lengths. */
function isSameNumber({ recordedAt, ownAt }: Answers, recorded: number, own: number): boolean {
  if (recorded < 1.2e9 || recorded > 2.6e9) return recorded === own
  const ahead = recorded - recordedAt
  if (ahead < -MINUTES) return true
  return Math.abs(ahead - (own - ownAt)) <= (ahead > 27 * DAY ? 3 * DAY + MINUTES : MINUTES)
}
