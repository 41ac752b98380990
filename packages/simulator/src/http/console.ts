import { resend } from '../delivery/deliveries.js'
import type { Engine } from '../engine.js'
import type { ConsoleStep } from '../pages/console/frame.js'
import { serveConsole } from '../pages/console/serve.js'
import type { ConsoleView } from '../pages/console/view.js'
import { seeOther, type PageResponse } from '../pages/request.js'
import type { WebRequest } from './listener.js'

const HOUR = 3600

const SECONDS: Readonly<Record<Exclude<ConsoleStep, 'next_billing_event'>, number>> = {
  hour: HOUR,
  day: 24 * HOUR,
  week: 7 * 24 * HOUR,
  month: 31 * 24 * HOUR,
}

/** Answers a request for the developer's console; `undefined` when the address is none of its. */
export async function answerConsole(engine: Engine, request: WebRequest): Promise<PageResponse | undefined> {
  if (request.method === 'GET' || request.method === 'HEAD') return serveConsole(viewOf(engine, request), request.path)
  return act(engine, request)
}

async function act(engine: Engine, { path, body }: WebRequest): Promise<PageResponse | undefined> {
  const form = new URLSearchParams(body)
  const back = form.get('back') ?? '/'
  switch (path) {
    case '/console/advance':
      await engine.advanceTo(targetOf(engine, form.get('step')))
      await engine.saved()
      return seeOther(back.startsWith('/') && !back.startsWith('//') ? back : '/')
    case '/console/resend':
      resend(engine.worldOf(null), form.get('event') ?? '')
      await engine.deliveries.drain()
      return seeOther(`/console/events/${form.get('event') ?? ''}`)
    case '/console/drain':
      await engine.deliveries.drain()
      return seeOther('/console/events')
    default:
      return advanceClock(engine, path, form)
  }
}

/** An unknown step goes nowhere. */
function targetOf(engine: Engine, step: string | null): number {
  const now = engine.clock.now()
  if (step === 'next_billing_event') return engine.nextBillingEventAt() ?? now
  return now + secondsOf(step)
}

function secondsOf(step: string | null): number {
  return new Map(Object.entries(SECONDS)).get(step ?? '') ?? 0
}

async function advanceClock(engine: Engine, path: string, form: URLSearchParams): Promise<PageResponse | undefined> {
  const id = /^\/console\/clocks\/(\w+)\/advance$/.exec(path)?.[1]
  const world = engine.worldOf(null)
  const clock = id === undefined ? undefined : world.view().get('test_clocks', id)
  if (clock === undefined) return undefined
  const to = clock.frozen_time + secondsOf(form.get('step'))
  world.run({ name: 'test_clocks.advance', path: { id: clock.id }, params: { frozen_time: to } })
  await engine.saved()
  return seeOther(`/console/clocks/${clock.id}`)
}

function viewOf(engine: Engine, { path, query }: WebRequest): ConsoleView {
  const world = engine.worldOf(null)
  const asked = new URLSearchParams(query)
  return {
    transaction: world.view(),
    now: engine.clock.now(),
    isFrozen: engine.clock.setting.mode === 'frozen',
    nextBillingEventAt: engine.nextBillingEventAt(),
    deliveryMode: engine.deliveries.mode,
    isAnyDue: engine.deliveries.isAnyDue(),
    requests: (limit) => engine.log.list(limit),
    request: (id) => engine.log.find(id),
    count: (table) => world.count(table),
    query: asked,
    here: query === '' ? path : `${path}?${query}`,
  }
}
