import type { EngineContext } from '../engine/context.js'
import type { WorkReport } from '../engine/work-report.js'

/** Who is asking: the app's own id of the customer, a user or an organisation. */
export interface Identity {
  readonly id: string
  readonly email?: string | null
  readonly name?: string | null
}

/** What the routes ask of the inbox. */
export interface Inbox {
  /** Verifies and stores a delivery; answers once that has committed. */
  receive(delivery: { readonly body: Uint8Array; readonly signature: string | null }): Promise<{
    readonly subject: string | null
  }>
  /** Works on one subject and delivers what came of it; a failure is stored, not thrown. */
  process(subject: string): Promise<void>
  workOnce(): Promise<WorkReport>
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
