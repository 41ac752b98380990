import { groundTruth } from './ground-truth.js'

export type Json = string | number | boolean | null | readonly Json[] | JsonObject
export type JsonObject = { readonly [key: string]: Json }

/** A request to the real service in test mode, and its answer. */
export interface Exchange {
  readonly scenario: string
  readonly method: string
  readonly path: string
  readonly query: readonly Pair[]
  readonly form: readonly Pair[]
  readonly version: string
  readonly status: number
  readonly body: JsonObject
  /** When it was answered, in unix seconds. */
  readonly at: number
}

export type Pair = readonly [key: string, value: string]

interface Row {
  readonly file: string
  readonly method: string
  readonly uri: string
  readonly req: string
  readonly status: number
  readonly version: string
  readonly recorded: string
  readonly body: JsonObject
}

/** From this version on, objects have the shape that they have today. */
const CURRENT_SHAPE = '2025-09-30'

/** The recorded exchanges in today's shape, by scenario, in the order in which they happened. */
export function readRecordings(): ReadonlyMap<string, readonly Exchange[]> {
  // The source of the recordings took a word for a secret and redacted it.
  const text = groundTruth('recorded/exchanges.json').replaceAll('<PADDLE_API_KEY>', 'secret')
  // Guaranteed by the file's own description; what does not fit fails the comparison.
  const rows = (JSON.parse(text) as readonly Row[]).filter(({ version }) => version >= CURRENT_SHAPE)
  const scenarios = new Map<string, Exchange[]>()
  for (const exchange of rows.map(exchangeOf)) {
    scenarios.set(exchange.scenario, [...(scenarios.get(exchange.scenario) ?? []), exchange])
  }
  return scenarios
}

function exchangeOf({ file, method, uri, req, status, version, recorded, body }: Row): Exchange {
  const [path = '', query = ''] = uri.split('?')
  const created = typeof body['created'] === 'number' ? body['created'] : 0
  return {
    scenario: file.replace(/\.yml$/, ''),
    method: method.toUpperCase(),
    path,
    query: [...new URLSearchParams(query)],
    form: method === 'post' ? [...new URLSearchParams(req)] : [],
    version,
    status,
    body,
    // Some were recorded under a clock that stood still: nothing is younger than the answer that shows it.
    at: Math.max(Date.parse(recorded) / 1000, created),
  }
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A scalar as a form would carry it. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null)
}

/** Every object inside a body, the body included. */
export function* objectsIn(value: Json): Generator<JsonObject> {
  if (isObject(value)) yield value
  if (typeof value === 'object' && value !== null) for (const child of Object.values(value)) yield* objectsIn(child)
}
