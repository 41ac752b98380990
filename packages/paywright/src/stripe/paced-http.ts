import { Stripe } from 'stripe'
import type { Urgency } from '../engine/ports.js'
import type { Pace } from './pace.js'

type Http = NonNullable<NonNullable<ConstructorParameters<typeof Stripe>[1]>['httpClient']>
type Answer = Awaited<ReturnType<Http['makeRequest']>>
type Request = Parameters<Http['makeRequest']>

export interface Pacing {
  readonly pace: Pace
  readonly urgency: Urgency
}

/** Where Stripe does not say for how long. */
const SHORTEST_PAUSE_SECONDS = 1

/** Whatever it says. */
const LONGEST_PAUSE_SECONDS = 300

/**
 * The way that every request of the SDK takes, those that it repeats and those of further pages, too: it waits for its turn,
 * and its answer is there whole within the time that the SDK allows for one, or is a fault of the connection.
 */
export function pacedHttp(inner: Http, { pace, urgency }: Pacing): Http {
  return {
    getClientName: () => inner.getClientName(),
    makeRequest: async (...request) => {
      const turn = await turnOf(pace, urgency)
      if ('answer' in turn) return turn.answer
      try {
        const answer = await wholeAnswer(inner, request)
        const pause = pauseIn(answer)
        if (pause !== null) await pace.pause(pause)
        return answer
      } finally {
        turn.leave()
      }
    },
  }
}

/** Where the request is not to be sent there is an answer already. */
type Turn = { readonly leave: () => void } | { readonly answer: Answer }

async function turnOf(pace: Pace, urgency: Urgency): Promise<Turn> {
  try {
    return { leave: await pace.enter(urgency) }
  } catch (fault) {
    return { answer: faultAnswer(fault) }
  }
}

interface Whole extends Answer {
  readonly body: unknown
}

/** Reads the answer to its end. The SDK's own bound is for how long nothing comes; this one is for all of it. */
async function wholeAnswer(inner: Http, request: Request): Promise<Whole> {
  const late = lateness(request[7])
  let raw: unknown = null
  const read = async (): Promise<Whole> => {
    const answer = await inner.makeRequest(...request)
    raw = answer.getRawResponse()
    const body: unknown = await answer.toJSON()
    return { ...asRead(answer), toJSON: () => Promise.resolve(body), body }
  }
  try {
    return await Promise.race([read(), late.passed])
  } catch (error) {
    destroy(raw)
    throw error
  } finally {
    late.cancel()
  }
}

function asRead(answer: Answer): Answer {
  return {
    getStatusCode: () => answer.getStatusCode(),
    getHeaders: () => answer.getHeaders(),
    getRawResponse: () => answer.getRawResponse(),
    toStream: (done) => answer.toStream(done),
    toJSON: () => answer.toJSON(),
  }
}

/** Nobody reads on, so the connection must not be kept for the next request. */
function destroy(raw: unknown): void {
  const isStream = typeof raw === 'object' && raw !== null && 'destroy' in raw && typeof raw.destroy === 'function'
  if (isStream) (raw as { destroy(): void }).destroy()
}

function lateness(milliseconds: number): { readonly passed: Promise<never>; cancel(): void } {
  let timer: NodeJS.Timeout | undefined
  const passed = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(Stripe.HttpClient.makeTimeoutError()), milliseconds)
  })
  return { passed, cancel: () => clearTimeout(timer) }
}

/** How long to send nothing, by Stripe's refusal; `null` where it is none, or is about one object that is in use. */
function pauseIn(answer: Whole): { readonly seconds: number; readonly reason: string } | null {
  if (answer.getStatusCode() !== 429 || codeIn(answer.body) === 'lock_timeout') return null
  const headers = answer.getHeaders()
  const reason = headers['stripe-rate-limited-reason']
  const seconds = secondsIn(headers['retry-after'], headers['date'])
  return {
    seconds: Math.min(LONGEST_PAUSE_SECONDS, Math.max(SHORTEST_PAUSE_SECONDS, seconds)),
    reason: typeof reason === 'string' ? reason : 'not said',
  }
}

/** `Retry-After` holds seconds, or an instant of the clock that is in `Date`. */
function secondsIn(after: unknown, date: unknown): number {
  if (typeof after !== 'string') return 0
  if (/^\d+$/.test(after)) return Number(after)
  const difference = Date.parse(after) - (typeof date === 'string' ? Date.parse(date) : NaN)
  return Number.isNaN(difference) ? 0 : Math.ceil(difference / 1000)
}

function codeIn(body: unknown): unknown {
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : null
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : null
}

/**
 * A fault of ours, such as a database that is away, as an answer. Were it thrown, the SDK would take it for a broken connection
 * and send the request again. `call.ts` takes it out.
 */
function faultAnswer(fault: unknown): Answer {
  const body = { error: { type: 'api_error', message: 'The request was not sent.', fault } }
  return {
    getStatusCode: () => 503,
    getHeaders: () => ({ 'stripe-should-retry': 'false' }),
    getRawResponse: () => ({}),
    toStream: () => null,
    toJSON: () => Promise.resolve(body),
  }
}

/** What has kept a request from being sent, or `undefined` where the error is Stripe's. */
export function faultIn(error: InstanceType<typeof Stripe.errors.StripeError>): unknown {
  const raw: unknown = error.raw
  return typeof raw === 'object' && raw !== null && 'fault' in raw ? raw.fault : undefined
}
