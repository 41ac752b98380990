import { createServer, request as sendRequest, type IncomingMessage, type ServerResponse } from 'node:http'

/**
 * What becomes of requests: `refused` at the door, `silent` where no answer ever comes, `torn` where the answer breaks off in
 * its middle, `failing` with 500 and nothing done, or `limited` with 429.
 */
export type Trouble =
  | { readonly kind: 'none' | 'refused' | 'silent' | 'torn' | 'failing' }
  | { readonly kind: 'limited'; readonly headers?: Readonly<Record<string, string>> }

/** The line to Stripe, with what goes wrong on it besides what a simulator does of its own accord. */
export interface TroubledLine {
  readonly url: string
  become(trouble: Trouble): Promise<void>
  /** How many requests have come through the door. */
  count(): number
  close(): Promise<void>
}

export interface LineOptions {
  /** Where requests go on to. */
  readonly target: string
  readonly onRequest?: () => void
}

/** The server of this port is Stripe to all that it looks like, so that nothing but the address is different. */
export async function openLine({ target, onRequest }: LineOptions): Promise<TroubledLine> {
  let trouble: Trouble = { kind: 'none' }
  let count = 0
  const server = createServer((incoming, outgoing) => {
    count += 1
    onRequest?.()
    answer(trouble, { incoming, outgoing, target })
  })
  const listen = (port: number): Promise<number> =>
    new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject)
        const address = server.address()
        resolve(typeof address === 'object' && address !== null ? address.port : 0)
      })
    })
  const shut = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  const port = await listen(0)
  return {
    url: `http://127.0.0.1:${port}`,
    count: () => count,
    become: async (next) => {
      trouble = next
      if (server.listening) await shut()
      if (next.kind !== 'refused') await listen(port)
    },
    close: async () => {
      if (server.listening) await shut()
    },
  }
}

interface Exchange {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  readonly target: string
}

function answer(trouble: Trouble, exchange: Exchange): void {
  const { incoming, outgoing } = exchange
  switch (trouble.kind) {
    case 'silent':
    case 'refused':
      return
    case 'failing':
      refuse(outgoing, { status: 500, error: { type: 'api_error', message: 'Something went wrong.' } })
      return
    case 'limited': {
      const error = { type: 'invalid_request_error', code: 'rate_limit', message: 'Too many requests.' }
      refuse(outgoing, { status: 429, error, headers: trouble.headers ?? {} })
      return
    }
    case 'none':
    case 'torn':
      incoming.pipe(
        sendRequest(new URL(incoming.url ?? '/', exchange.target), outgoingOptions(incoming), (response) => {
          if (trouble.kind === 'torn') tear(response, outgoing)
          else passOn(response, outgoing)
        }),
      )
  }
}

function outgoingOptions({ method, headers }: IncomingMessage) {
  return { method: method ?? 'GET', headers }
}

function refuse(
  outgoing: ServerResponse,
  refusal: { status: number; error: object; headers?: Readonly<Record<string, string>> },
): void {
  outgoing.writeHead(refusal.status, { 'content-type': 'application/json', ...refusal.headers })
  outgoing.end(JSON.stringify({ error: refusal.error }))
}

function passOn(response: IncomingMessage, outgoing: ServerResponse): void {
  outgoing.writeHead(response.statusCode ?? 500, response.headers)
  response.pipe(outgoing)
}

/** The head says how long the body is, and half of it comes. */
function tear(response: IncomingMessage, outgoing: ServerResponse): void {
  const chunks: Buffer[] = []
  response.on('data', (chunk: Buffer) => chunks.push(chunk))
  response.on('end', () => {
    const body = Buffer.concat(chunks)
    outgoing.writeHead(response.statusCode ?? 500, { ...response.headers, 'content-length': body.length })
    outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => outgoing.destroy())
  })
}
