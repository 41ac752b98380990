import type { EngineContext } from '../engine/context.js'
import type { Identity } from '../options.js'

/** What the routes work with. */
export interface HttpContext {
  readonly engine: EngineContext
  readonly identify: (request: Request) => Promise<Identity | null> | Identity | null
  readonly inbox: Inbox
  /** `null`: there is no route for work. */
  readonly workSecret: string | null
  /** Keeps a serverless function alive; `null` where the work is awaited before the answer. */
  readonly waitUntil: ((work: Promise<unknown>) => void) | null
}

/** What a route is asked. */
export interface Question {
  readonly request: Request
  readonly url: URL
}

/** A question whose asker is known. */
export interface CustomerQuestion extends Question {
  readonly customer: Identity
}

export type Route<Asked extends Question = Question> = (context: HttpContext, asked: Asked) => Promise<Response>
