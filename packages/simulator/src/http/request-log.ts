import type { UnixSeconds } from '../core/unix-seconds.js'
import { decodeForm, type Form, type FormValue } from './form-codec.js'

/** One request to the API, as the log shows it. */
export interface LoggedRequest {
  readonly id: string
  /** The instant on the simulator's clock. */
  readonly at: UnixSeconds
  readonly method: string
  readonly path: string
  readonly status: number
  readonly account: string | null
  readonly idempotencyKey: string | null
  /** Whether the answer was that of an earlier request with the same key. */
  readonly isReplayed: boolean
  /** Stripe's code or type of error, if the request was refused. */
  readonly error: string | null
  /** Why it was refused, in Stripe's words, and the parameter that was to blame. */
  readonly message: string | null
  readonly param: string | null
  /** What was sent, without the digits of cards. */
  readonly params: unknown
}

/** A request as it is kept: what it sent is read only when somebody looks. */
export interface KeptRequest extends Omit<LoggedRequest, 'params'> {
  readonly sent: string
}

const KEPT = 1000
const LONGEST_SENT = 20_000

/** The latest requests, the newest first. */
export class RequestLog {
  #requests: KeptRequest[] = []

  add(request: KeptRequest): void {
    this.#requests.push(request)
    if (this.#requests.length > 2 * KEPT) this.#requests = this.#requests.slice(-KEPT)
  }

  list(limit = KEPT): readonly LoggedRequest[] {
    return this.#requests.slice(-Math.min(limit, KEPT)).toReversed().map(shown)
  }

  /** One request that is still remembered. */
  find(id: string): LoggedRequest | undefined {
    const request = this.#requests.findLast((candidate) => candidate.id === id)
    return request && shown(request)
  }
}

function shown({ sent, ...request }: KeptRequest): LoggedRequest {
  return { ...request, params: paramsIn(sent) }
}

function paramsIn(sent: string): unknown {
  if (sent.length > LONGEST_SENT) return { '…': `${sent.length} characters` }
  return sent.startsWith('{') ? parsed(sent) : masked(decodeForm(sent), '')
}

/** Requests of version 2 are JSON, or were meant to be. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** As Stripe's own log has them: of a card's number the last four digits, of its code none. */
function masked(value: FormValue, key: string): FormValue {
  if (typeof value === 'object') {
    const entries = Object.entries(value).map(([name, field]): [string, FormValue] => [name, masked(field, name)])
    return Object.fromEntries(entries) satisfies Form
  }
  if (key === 'number') return value.replace(/\d(?=(?:\D*\d){4})/g, '*')
  return key === 'cvc' ? '***' : value
}
