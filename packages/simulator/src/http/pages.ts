import { settingsOf } from '../core/account-settings.js'
import type { Engine } from '../engine.js'
import { servePage, type PageResponse } from '../pages/index.js'
import { messagePage, notFoundPage } from '../pages/layout.js'
import type { World } from '../world.js'
import { answerConsole } from './console.js'
import type { WebRequest, WebResponse } from './listener.js'

/** Stripe sends the customer back when the webhooks were answered, or after this long. https://docs.stripe.com/checkout/fulfillment */
const LONGEST_WAIT_MS = 10_000

/** Answers a request for a hosted page or the console. */
export async function answerPage(engine: Engine, request: WebRequest): Promise<WebResponse> {
  const console = await answerConsole(engine, request)
  if (console !== undefined) return console
  const response = hostedPageOrFault(engine, request) ?? notFoundPage()
  await engine.saved()
  if (response.status === 303 && engine.deliveries.mode === 'immediate') await settled(engine.deliveries.drain())
  return response
}

/** A fault of the simulator is told on the page, where whoever tests can see it. */
function hostedPageOrFault(engine: Engine, request: WebRequest): PageResponse | undefined {
  try {
    return hostedPage(engine, request)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return messagePage({
      title: 'The simulator failed',
      text: `This is a fault in it, not in what you did. ${reason}`,
      status: 500,
    })
  }
}

function hostedPage(engine: Engine, { method, path, query, body }: WebRequest): PageResponse | undefined {
  const found = worldAndPath(engine, path)
  if (found === undefined) return undefined
  return servePage(found.world, {
    method: method === 'HEAD' ? 'GET' : method,
    path: found.path,
    query: new URLSearchParams(query),
    form: new URLSearchParams(body),
    origin: settingsOf(found.world.view()).origin,
  })
}

/** The pages of a connected account are under `/accounts/acct_…`. */
function worldAndPath(engine: Engine, path: string): { world: World; path: string } | undefined {
  const [, account, rest] = /^\/accounts\/(acct_\w+)(\/.*)$/.exec(path) ?? []
  if (account === undefined || rest === undefined) return { world: engine.worldOf(null), path }
  const world = engine.worlds().find((candidate) => candidate.account === account)
  return world === undefined ? undefined : { world, path: rest }
}

async function settled(drained: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const waited = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, LONGEST_WAIT_MS)
  })
  await Promise.race([drained, waited]).finally(() => clearTimeout(timer))
}
