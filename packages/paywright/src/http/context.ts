import type { EngineContext } from '../engine/context.js'
import type { Inbox } from '../engine/ports.js'

/** Who is asking: the app's own id of the customer, a user or an organisation. */
export interface Identity {
  readonly id: string
  readonly email?: string | null
  readonly name?: string | null
}

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
