import type { Engine } from '../engine.js'
import type { Forks } from './forks.js'

export interface ControlRequest {
  readonly engine: Engine
  readonly forks: Forks
  readonly path: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly body: Readonly<Record<string, unknown>>
}

/** A request that cannot be carried out as it is; the message says what would be right. */
export class ControlError extends Error {}
