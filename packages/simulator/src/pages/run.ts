import type { PageOutcome } from '../core/checkout-sessions/outcome.js'
import type { AuthenticationAnswer } from '../core/payments/authentication-pages.js'
import type { StripeErrorBody } from '../core/error.js'
import type { World } from '../world.js'

/** What the pages need of a world: to look at it, and to do something in it. */
export type PageWorld = Pick<World, 'run' | 'view'>

export type Acted = PageOutcome

/** A command of the pages: its name, the object it is about, and what the customer typed. */
interface Act {
  readonly name: string
  readonly id: string
  readonly params: Readonly<Record<string, unknown>>
}

/** Does what the customer asked for. A refusal that threw is one like any other to the person at the page. */
export function act(world: PageWorld, { name, id, params }: Act): Acted {
  const reply = world.run({ name, path: { id }, params })
  if (!reply.ok) return failed(reply.error)
  // Guaranteed: the commands of the pages, but for the bank's, all answer an outcome.
  return reply.body as Acted
}

/** Does what the customer asked for where the answer is another one; a refusal is `undefined`. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- The caller names the command and knows its answer.
export function run<Answer>(world: PageWorld, { name, id, params }: Act): Answer | undefined {
  const reply = world.run({ name, path: { id }, params })
  // Guaranteed: each caller names the type that the command it names answers.
  return reply.ok ? (reply.body as Answer) : undefined
}

/** Does what the customer asked for where only a refusal matters; `undefined` when there was none. */
export function refusalOf(world: PageWorld, { name, id, params }: Act): StripeErrorBody | undefined {
  const reply = world.run({ name, path: { id }, params })
  return reply.ok ? undefined : reply.error
}

function failed(error: StripeErrorBody): Acted {
  return { status: 'failed', error }
}

export function answerBank(world: PageWorld, id: string, outcome: 'succeeded' | 'failed'): AuthenticationAnswer {
  const reply = world.run({ name: 'authentication_pages.answer', path: { id }, params: { outcome } })
  if (!reply.ok) return { status: 'closed', returnUrl: null }
  // Guaranteed: this command answers nothing else.
  return reply.body as AuthenticationAnswer
}
