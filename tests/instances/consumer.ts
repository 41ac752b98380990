import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { bodyOf, close, listen } from './balancer.js'

/** Who is told of effects: it acts once for each key, as every consumer has to. */
export interface Consumer {
  readonly url: string
  /** The keys in the order in which it acted on them. */
  readonly acted: readonly string[]
  /** How often it was told of a key once more. */
  repeats(): number
  close(): Promise<void>
}

export async function startConsumer(): Promise<Consumer> {
  const acted = new Set<string>()
  let told = 0
  const hear = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    acted.add(keyIn(await bodyOf(request)))
    told += 1
    response.writeHead(204).end()
  }
  const server = createServer((request, response) => {
    // Where it fails, the process that told it is gone, and it will be told again.
    hear(request, response).catch(() => response.destroy())
  })
  const url = await listen(server)
  return {
    url,
    get acted() {
      return [...acted]
    },
    repeats: () => told - acted.size,
    close: () => close(server),
  }
}

function keyIn(body: string): string {
  const message: unknown = JSON.parse(body)
  return typeof message === 'object' && message !== null && 'key' in message ? String(message.key) : ''
}
