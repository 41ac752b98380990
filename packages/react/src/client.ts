import type { BillingState, ErrorJson, PlansJson } from 'paywright'
import { customerWords } from './customer-words.js'

/** What went wrong, in words for the customer. */
export interface BillingFailure {
  readonly code: string
  readonly message: string
  /** What to do next, where the server said so. */
  readonly hint: string | null
}

/** One thing the customer asked for; while it runs, it cannot be asked for again. */
export type BillingAction = 'checkout' | 'portal' | 'cancel' | 'resume'

/** What the hooks read: frozen, replaced whole at each change. */
export interface BillingSnapshot {
  readonly status: 'loading' | 'ready' | 'error'
  readonly state: BillingState | null
  /** Why the state could not be read. */
  readonly loadError: BillingFailure | null
  readonly plans: PlansJson | null
  readonly plansError: BillingFailure | null
  /** What is being asked of the server at this moment, and for what (`pro:month`). */
  readonly pending: { readonly action: BillingAction; readonly detail: string } | null
  /** Why the last thing asked for was refused, until the next one or `dismiss`. */
  readonly actionError: (BillingFailure & { readonly action: BillingAction; readonly detail: string }) | null
}

/** How the client reaches `billing.handler`, and how it leaves the page. */
export interface BillingClientOptions {
  /** Where `billing.handler` is mounted. */
  readonly basePath?: string
  readonly fetch?: typeof fetch
  /** Leaves for another page: checkout and portal are not ours. */
  readonly navigate?: (url: string) => void
}

/** Talks to `billing.handler` and keeps what it said, outside of React. */
export interface BillingClient {
  subscribe(onChange: () => void): () => void
  snapshot(): BillingSnapshot
  refresh(): Promise<void>
  loadPlans(): Promise<void>
  checkout(wish: { plan: string; interval: string; successPath?: string; cancelPath?: string }): Promise<void>
  portal(wish?: { flow?: 'payment_method_update'; returnPath?: string }): Promise<void>
  cancel(): Promise<void>
  resume(): Promise<void>
  dismiss(): void
}

const INITIAL: BillingSnapshot = {
  status: 'loading',
  state: null,
  loadError: null,
  plans: null,
  plansError: null,
  pending: null,
  actionError: null,
}

/**
 * Makes the client that the provider would make, for tests and for use without React.
 *
 * @example
 * ```ts
 * import { createBillingClient } from '@paywright/react'
 *
 * const client = createBillingClient({ basePath: '/api/billing' })
 * client.subscribe(() => console.log(client.snapshot().state?.plan.name))
 * await client.refresh()
 * ```
 */
export function createBillingClient(options: BillingClientOptions = {}): BillingClient {
  const { basePath = '/api/billing', navigate = (url: string) => location.assign(url) } = options
  const request = options.fetch ?? ((...args: Parameters<typeof fetch>) => fetch(...args))
  const listeners = new Set<() => void>()
  let current = INITIAL

  const update = (change: Partial<BillingSnapshot>): void => {
    current = { ...current, ...change }
    for (const listener of listeners) listener()
  }
  const ask = async <Body>(path: string, body?: unknown): Promise<Result<Body>> =>
    send<Body>(request, `${basePath}${path}`, body)

  /** One at a time: a second click while the first is under way does nothing. */
  const act = async (action: BillingAction, detail: string, work: () => Promise<BillingFailure | null>) => {
    if (current.pending !== null) return
    update({ pending: { action, detail }, actionError: null })
    const failure = await work()
    update({ pending: null, actionError: failure && { ...failure, action, detail } })
  }
  const leave = (result: Result<{ url: string }>): BillingFailure | null => {
    if (!result.ok) return result.failure
    navigate(result.body.url)
    return null
  }
  const refresh = async (): Promise<void> => {
    const result = await ask<BillingState>('/state')
    if (result.ok) update({ status: 'ready', state: result.body, loadError: null })
    else update({ status: current.state === null ? 'error' : 'ready', loadError: result.failure })
  }
  const changeState = async (path: string): Promise<BillingFailure | null> => {
    const result = await ask<unknown>(path, {})
    if (!result.ok) return result.failure
    await refresh()
    return null
  }

  return {
    subscribe(onChange) {
      listeners.add(onChange)
      return () => listeners.delete(onChange)
    },
    snapshot: () => current,
    refresh,
    async loadPlans() {
      const result = await ask<PlansJson>('/plans')
      if (result.ok) update({ plans: result.body, plansError: null })
      else update({ plansError: result.failure })
    },
    checkout: (wish) =>
      act('checkout', `${wish.plan}:${wish.interval}`, async () => leave(await ask('/checkout', wish))),
    portal: (wish = {}) => act('portal', wish.flow ?? '', async () => leave(await ask('/portal', wish))),
    cancel: () => act('cancel', '', () => changeState('/subscription/cancel')),
    resume: () => act('resume', '', () => changeState('/subscription/resume')),
    dismiss: () => update({ actionError: null }),
  }
}

type Result<Body> =
  | { readonly ok: true; readonly body: Body }
  | { readonly ok: false; readonly failure: BillingFailure }

const OFFLINE: BillingFailure = {
  code: 'network',
  message: 'We could not reach the server.',
  hint: 'Check your connection and try again; nothing was changed.',
}

const UNREADABLE: BillingFailure = {
  code: 'unreadable',
  message: 'The server gave an answer we could not read.',
  hint: 'Try again in a moment.',
}

async function send<Body>(request: typeof fetch, url: string, body: unknown): Promise<Result<Body>> {
  const init: RequestInit =
    body === undefined
      ? { headers: { accept: 'application/json' } }
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  let response: Response
  try {
    response = await request(url, { credentials: 'same-origin', ...init })
  } catch {
    // `fetch` rejects only where no answer came; which of the many reasons it was, no browser tells.
    return { ok: false, failure: OFFLINE }
  }
  const json = await response.json().catch(() => null)
  if (json === null) return { ok: false, failure: UNREADABLE }
  if (response.ok) return { ok: true, body: json as Body }
  return { ok: false, failure: failureOf(json) }
}

function failureOf(json: unknown): BillingFailure {
  const { error } = json as Partial<ErrorJson>
  if (error === undefined) return UNREADABLE
  const { code, message, hint = null } = error
  return { code, message, hint, ...customerWords(code) }
}
