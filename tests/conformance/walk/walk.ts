import { SIMULATED_ROUTES, type Simulator } from '@paywright/simulator'
import Stripe from 'stripe'
import { expect } from 'vitest'

/** Calls of the official SDK, each of which is to reach one route of the simulator. */
export interface Walk {
  readonly stripe: Stripe
  readonly simulator: Simulator
  /** Another SDK, with another key. */
  sdk(key: string): Stripe
  /** Makes a call and checks that it reached this route, was answered, and was answered with this. */
  visit<Answer>(route: string, call: () => Promise<Answer>, expected?: object): Promise<Answer>
  /** Makes a call that, as at Stripe, the state of the simulator's objects never allows, and checks the refusal's code. */
  refused(route: string, call: () => Promise<unknown>, code: string | undefined): Promise<void>
  /** The routes that were visited. */
  readonly visited: ReadonlySet<string>
}

/** Stretches of the walk by what they lead through. None needs what another has made. */
export type Stretches = Readonly<Record<string, (walk: Walk) => Promise<void>>>

/** Patterns of the routes; those with fewer names in their path come first. */
const patterns = SIMULATED_ROUTES.map((route) => ({ route, pattern: patternOf(route) })).toSorted(
  (left, right) => left.route.split(':').length - right.route.split(':').length,
)

function patternOf(route: string): RegExp {
  return new RegExp(`^${route.replaceAll(/:\w+/g, '[^/]+')}$`)
}

function routeOf(method: string, path: string): string | undefined {
  return patterns.find(({ pattern }) => pattern.test(`${method} ${path}`))?.route
}

/** Starts a walk through a simulator. */
export function startWalk(simulator: Simulator): Walk {
  const { host, port, secretKey } = simulator
  const visited = new Set<string>()
  let reached: { route: string | undefined; status: number }[] = []
  const sdk = (key: string): Stripe => {
    const made = new Stripe(key, { host, port, protocol: 'http', maxNetworkRetries: 0 })
    made.on('response', ({ method, path, status }: Stripe.ResponseEvent) => {
      const [plain = ''] = path.split('?')
      reached.push({ route: routeOf(method, plain), status })
    })
    return made
  }
  return {
    stripe: sdk(secretKey),
    sdk,
    simulator,
    visited,
    visit: async (route, call, expected) => {
      reached = []
      const answer = await call()
      expect(reached).toEqual([{ route, status: 200 }])
      if (expected !== undefined) expect(answer).toMatchObject(expected)
      visited.add(route)
      return answer
    },
    refused: async (route, call, code) => {
      reached = []
      await expect(call()).rejects.toMatchObject({ type: 'StripeInvalidRequestError', code })
      expect(reached).toEqual([{ route, status: code === 'resource_missing' ? 404 : 400 }])
      visited.add(route)
    },
  }
}

/** The id of what was not, or was, expanded. */
export function idOf(reference: string | { readonly id: string } | null | undefined): string {
  return typeof reference === 'string' ? reference : (reference?.id ?? '')
}

/** What a list must hold. */
export function holding(...objects: readonly { readonly id: string }[]): object {
  return { object: 'list', data: expect.arrayContaining(objects.map(({ id }) => expect.objectContaining({ id }))) }
}

/** What a search must have found, perhaps among others. */
export function found(...objects: readonly { readonly id: string }[]): object {
  return { ...holding(...objects), object: 'search_result' }
}

/** What is said of something deleted. */
export function gone({ id }: { readonly id: string }): object {
  return { id, deleted: true }
}
