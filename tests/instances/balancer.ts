import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'

/** What stands between Stripe and the processes, and remembers what Stripe was told. */
export interface Balancer {
  readonly url: string
  /** The ids of all events that were answered with a 2xx: from then on Stripe does not send them again. */
  readonly acknowledged: ReadonlySet<string>
  /** Answers that a process gave, or that were given for it, by status; 0: none within the time. */
  readonly answers: ReadonlyMap<number, number>
  /** Told of every answer. */
  onAnswer(listener: (status: number) => void): void
  close(): Promise<void>
}

/** A process that has not answered by then is passed over, as load balancers do. */
const LONGEST_ANSWER = 4000

/**
 * Gives deliveries to one process after the other; where one is dead or refuses, to the next. When all have refused, Stripe is
 * told so, and comes again.
 */
export async function startBalancer(targets: () => readonly string[]): Promise<Balancer> {
  const acknowledged = new Set<string>()
  const answers = new Map<number, number>()
  const listeners: ((status: number) => void)[] = []
  let turn = 0
  const note = (status: number): void => {
    answers.set(status, (answers.get(status) ?? 0) + 1)
    for (const listener of listeners) listener(status)
  }
  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request)
    const headers = {
      'stripe-signature': String(request.headers['stripe-signature']),
      'content-type': 'application/json',
    }
    turn += 1
    const all = targets()
    for (let offset = 0; offset < all.length; offset += 1) {
      const status = await ask(all[(turn + offset) % all.length] ?? '', { method: 'POST', headers, body })
      note(status)
      if (status < 200 || status >= 300) continue
      acknowledged.add(idIn(body))
      response.writeHead(status).end()
      return
    }
    response.writeHead(503).end()
  }
  const server = createServer((request, response) => {
    pass(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined))
  })
  const url = await listen(server)
  return {
    url,
    acknowledged,
    answers,
    onAnswer: (listener) => void listeners.push(listener),
    close: () => close(server),
  }
}

/** The status of the answer; 0 where there was none. */
async function ask(url: string, request: RequestInit): Promise<number> {
  try {
    const response = await fetch(url, { ...request, signal: AbortSignal.timeout(LONGEST_ANSWER) })
    await response.arrayBuffer()
    return response.status
  } catch {
    // Dead, stopped or killed while it had the delivery in hand: all the same to Stripe.
    return 0
  }
}

function idIn(body: string): string {
  const event: unknown = JSON.parse(body)
  return typeof event === 'object' && event !== null && 'id' in event ? String(event.id) : ''
}

/** All that was sent, as text. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts).toString()
}

/** Listens at any free port, and answers the address. */
export function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      if (typeof address === 'object' && address !== null) resolve(`http://127.0.0.1:${address.port}`)
    })
  })
}

export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
