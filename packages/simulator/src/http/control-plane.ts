import type { AccountSettings } from '../core/private-records.js'
import type { UnixSeconds } from '../core/unix-seconds.js'
import { StripeError } from '../core/error.js'
import { resend } from '../delivery/deliveries.js'
import { NO_FAULTS } from '../delivery/faults.js'
import { NOTHING_WRONG, type Engine, type Faults } from '../engine.js'
import type { Snapshot } from '../snapshot.js'
import { ControlError, type ControlRequest } from './control-request.js'
import { worldControls } from './control-worlds.js'
import type { WebRequest, WebResponse } from './listener.js'
import { createRouter } from './router.js'

type Control = (request: ControlRequest) => unknown

/** What can be done with the simulator beyond what Stripe's API has. Bodies and answers are JSON. */
const controls: Readonly<Record<string, Control>> = {
  'GET /_sim': () => ({ routes: Object.keys(controls) }),
  ...worldControls,
  'GET /_sim/clock': ({ engine }) => clockOf(engine),
  'POST /_sim/clock/advance': advance,
  'GET /_sim/state': ({ engine }) => engine.snapshot(),
  'POST /_sim/state': restore,
  'GET /_sim/faults': ({ engine }) => engine.faults,
  'POST /_sim/faults': setFaults,
  'GET /_sim/settings': ({ engine }) => settingsOf(engine),
  'POST /_sim/settings': setSettings,
  'GET /_sim/timer_faults': ({ engine }) => ({ data: engine.listTimerFaults() }),
  'GET /_sim/requests': ({ engine, query }) => ({ data: engine.log.list(numberIn(query, 'limit')) }),
  'GET /_sim/deliveries': ({ engine, query }) => ({ data: engine.listDeliveries(filterOf(query)) }),
  'POST /_sim/deliveries/drain': drain,
  'POST /_sim/events/:id/resend': sendAgain,
  'POST /_sim/webhook_endpoints/:id/roll_secret': rollSecret,
}

const match = createRouter(controls)

/** Answers a request under `/_sim`. */
export async function answerControl(
  { engine, forks }: Pick<ControlRequest, 'engine' | 'forks'>,
  request: WebRequest,
): Promise<WebResponse> {
  const found = match(request.method, request.path)
  if (found === undefined)
    return json(404, {
      error: { message: `There is no ${request.method} ${request.path}. GET /_sim lists what there is.` },
    })
  try {
    const query = new URLSearchParams(request.query)
    const answer = await found.target({ engine, forks, path: found.path, query, body: bodyOf(request) })
    await engine.saved()
    return json(200, answer)
  } catch (error) {
    if (error instanceof StripeError) return json(error.status, { error: error.body })
    if (error instanceof ControlError) return json(400, { error: { message: error.message } })
    throw error
  }
}

function bodyOf({ body }: WebRequest): Readonly<Record<string, unknown>> {
  if (body === '') return {}
  const parsed = parsedJson(body)
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new ControlError('The body must be a JSON object.')
  return parsed as Readonly<Record<string, unknown>>
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ControlError('The body is not JSON.', { cause })
  }
}

function clockOf(engine: Engine): object {
  const now = engine.clock.now()
  return {
    now,
    iso: new Date(now * 1000).toISOString(),
    mode: engine.clock.setting.mode,
    nextEventAt: engine.nextEventAt(),
  }
}

async function advance({ engine, body }: ControlRequest): Promise<object> {
  await engine.advanceTo(targetOf(engine, body))
  return clockOf(engine)
}

function targetOf(engine: Engine, { seconds, to, until }: Readonly<Record<string, unknown>>): UnixSeconds {
  if (typeof seconds === 'number' && seconds >= 0) return engine.clock.now() + Math.floor(seconds)
  if (typeof to === 'number') return Math.floor(to)
  if (until === 'next_event' || until === 'next_billing_event') {
    const next = until === 'next_event' ? engine.nextEventAt() : engine.nextBillingEventAt()
    if (next === null) throw new ControlError(`Nothing is planned, so there is no ${until} to advance to.`)
    return next
  }
  throw new ControlError('Say how far: {"seconds": 3600}, {"to": 1900000000} or {"until": "next_billing_event"}.')
}

function restore({ engine, body }: ControlRequest): Promise<object> {
  if (!Array.isArray(body['entries'])) throw new ControlError('Send what GET /_sim/state answered: {"entries": […]}.')
  // Guaranteed by whoever sends it: it is what `snapshot` answered.
  return engine.restore({ entries: body['entries'] as Snapshot['entries'] }).then(() => clockOf(engine))
}

const HOW_FAULTS_ARE_GIVEN =
  'Faults are {"rateLimited": 3, "failing": 1, "lost": 1, "requestsPerSecond": 25, "deliveries": {"duplicate": 0.1}}.'

function setFaults({ engine, body }: ControlRequest): Faults {
  const { deliveries = {}, ...others } = body
  if (typeof deliveries !== 'object' || deliveries === null) throw new ControlError(HOW_FAULTS_ARE_GIVEN)
  for (const [name, value] of Object.entries(others)) {
    const isOff = name === 'requestsPerSecond' && value === null
    const isCount = name in NOTHING_WRONG && Number.isInteger(value) && Number(value) >= 0
    if (!isOff && !isCount) throw new ControlError(`${name}: ${HOW_FAULTS_ARE_GIVEN}`)
  }
  for (const [name, rate] of Object.entries(deliveries)) {
    const isRate = name in NO_FAULTS && typeof rate === 'number' && rate >= 0 && rate <= 1
    if (!isRate)
      throw new ControlError(`deliveries.${name}: name one of ${Object.keys(NO_FAULTS).join(', ')}, from 0 to 1.`)
  }
  engine.faults = { ...engine.faults, ...others, deliveries: { ...engine.faults.deliveries, ...deliveries } }
  return engine.faults
}

function settingsOf(engine: Engine): object {
  return { deliveryMode: engine.deliveries.mode, account: engine.settings() }
}

function setSettings({ engine, body }: ControlRequest): object {
  const { deliveryMode, account } = body
  if (deliveryMode !== undefined) {
    if (deliveryMode !== 'immediate' && deliveryMode !== 'manual') {
      throw new ControlError('deliveryMode is "immediate" or "manual".')
    }
    engine.deliveries.mode = deliveryMode
    engine.deliveries.wake()
  }
  if (typeof account === 'object' && account !== null) engine.changeSettings(checkedSettings(engine, account))
  return settingsOf(engine)
}

function checkedSettings(engine: Engine, account: object): Partial<AccountSettings> {
  const known: Readonly<Record<string, unknown>> = { ...engine.settings() }
  for (const [name, value] of Object.entries(account)) {
    if (!(name in known))
      throw new ControlError(`account.${name} is no setting. There are: ${Object.keys(known).join(', ')}.`)
    if (typeof value !== typeof known[name]) throw new ControlError(`account.${name} must be a ${typeof known[name]}.`)
  }
  return account
}

async function drain({ engine }: ControlRequest): Promise<object> {
  await engine.deliveries.drain()
  return { pending: engine.listDeliveries({ status: 'pending' }).length }
}

function sendAgain({ engine, path, body }: ControlRequest): object {
  const endpoint = typeof body['endpoint'] === 'string' ? body['endpoint'] : undefined
  const made = resend(engine.worldOf(null), path['id'] ?? '', endpoint)
  engine.deliveries.wake()
  return { data: made }
}

function rollSecret({ engine, path, body }: ControlRequest): unknown {
  const reply = engine.worldOf(null).run({ name: 'webhook_endpoints.roll_secret', path, params: body })
  if (!reply.ok) throw new StripeError(reply.status, reply.error)
  return reply.body
}

function filterOf(query: URLSearchParams): { event?: string; status?: string } {
  const event = query.get('event')
  const status = query.get('status')
  return { ...(event === null ? {} : { event }), ...(status === null ? {} : { status }) }
}

function numberIn(query: URLSearchParams, name: string): number | undefined {
  const value = Number(query.get(name) ?? NaN)
  return Number.isInteger(value) && value > 0 ? value : undefined
}

function json(status: number, body: unknown): WebResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(body)}\n` }
}
