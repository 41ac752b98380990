import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Random } from './random.js'

/** What stands between a contestant and Stripe's API. */
export interface ApiProxy {
  readonly url: string
  /** From now on answers take up to so long after they were read, and this share is a fault instead. */
  worsen(trouble: Trouble): void
  /** Requests since the last call. */
  takeCount(): number
  close(): void
}

export interface Trouble {
  readonly slowestMilliseconds: number
  readonly failing: number
}

export const NO_TROUBLE: Trouble = { slowestMilliseconds: 0, failing: 0 }

const FAULT = JSON.stringify({ error: { type: 'api_error', message: 'Something is wrong at Stripe.' } })

/** Passes requests on to the simulator. An answer that is slow is as old as it is slow, as on a real network. */
export async function startApiProxy(target: { host: string; port: number }, random: Random): Promise<ApiProxy> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  let trouble = NO_TROUBLE
  let count = 0
  const server = createServer((incoming, outgoing) => {
    count += 1
    if (random.chance(trouble.failing)) {
      outgoing.writeHead(500, { 'content-type': 'application/json' }).end(FAULT)
      return
    }
    const { slowestMilliseconds } = trouble
    const delay = slowestMilliseconds === 0 ? 0 : random.between(1, slowestMilliseconds)
    pass({ incoming, outgoing, delay }, { ...target, agent })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    worsen: (next) => {
      trouble = next
    },
    takeCount: () => {
      const taken = count
      count = 0
      return taken
    },
    close: () => {
      server.closeAllConnections()
      server.close()
      agent.destroy()
    },
  }
}

interface Passed {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  readonly delay: number
}

function pass({ incoming, outgoing, delay }: Passed, to: { host: string; port: number; agent: Agent }): void {
  const { method, url, headers } = incoming
  const onward = request({ ...to, method, path: url, headers }, (response) => {
    const chunks: Buffer[] = []
    response.on('data', (chunk: Buffer) => chunks.push(chunk))
    response.on('end', () => {
      const answer = (): void => {
        outgoing.writeHead(response.statusCode ?? 500, response.headers).end(Buffer.concat(chunks))
      }
      if (delay === 0) answer()
      else setTimeout(answer, delay)
    })
  })
  onward.on('error', () => outgoing.destroy())
  incoming.pipe(onward)
}
