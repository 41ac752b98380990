import type { Simulator } from '@paywright/simulator'
import type { Ids } from './ids.js'
import type { Exchange, JsonObject, Pair } from './recordings.js'

interface Answer {
  readonly status: number
  readonly body: JsonObject
}

/** Sends a recorded request, with our ids in place of the recorded ones. */
export function request(simulator: Simulator, exchange: Exchange, ids: Ids): Promise<Answer> {
  const { method, version } = exchange
  const path = exchange.path
    .split('/')
    .map((part) => ids.translate(part))
    .join('/')
  return send(simulator, { method, path, version, query: ids.pairs(exchange.query), form: ids.pairs(exchange.form) })
}

/** A request to the simulator over HTTP, parameters spelled as they are on the wire. */
export async function send(
  simulator: Simulator,
  {
    method,
    path,
    version,
    query = [],
    form = [],
  }: Partial<Pick<Exchange, 'version' | 'query' | 'form'>> & { method: string; path: string },
): Promise<Answer> {
  const headers = { authorization: `Bearer ${simulator.secretKey}`, ...(version && { 'stripe-version': version }) }
  const response = await fetch(`${simulator.url}${path}?${encoded(query)}`, {
    method,
    headers,
    ...(method === 'POST' && { body: encoded(form) }),
  })
  // Guaranteed by HTTP's content type; what is not as it was recorded fails the comparison.
  return { status: response.status, body: (await response.json()) as JsonObject }
}

function encoded(pairs: readonly Pair[]): URLSearchParams {
  return new URLSearchParams(pairs.map(([key, value]) => [key, value]))
}
