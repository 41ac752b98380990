import type { IncomingMessage, ServerResponse } from 'node:http'

/** A request with its body read. */
export interface WebRequest {
  readonly method: string
  readonly path: string
  /** Without the question mark. */
  readonly query: string
  readonly body: string
  readonly headers: Readonly<Record<string, string | undefined>>
}

export interface WebResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
  /** Never leaves: the connection breaks instead. */
  readonly isLost?: boolean
}

const LARGEST_BODY = 5_000_000

const TOO_LARGE: WebResponse = {
  status: 413,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    error: { type: 'invalid_request_error', message: `A body may be at most ${LARGEST_BODY} bytes.` },
  }),
}

export const FROM_ELSEWHERE: WebResponse = {
  status: 403,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: 'This request came from a page of another site, and nothing was done.\n',
}

/** Whether a browser sent this on behalf of a page that is not the simulator's own. Reading is free to all. */
export function isFromElsewhere({ method, headers }: WebRequest): boolean {
  const { origin, host } = headers
  if (method === 'GET' || method === 'HEAD' || origin === undefined) return false
  return !URL.canParse(origin) || new URL(origin).host !== host
}

/** Serves requests of Node's HTTP server by a function from request to response. */
export function listener(answer: (request: WebRequest) => Promise<WebResponse>) {
  return (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    // A connection that breaks while its request is read has nobody left to answer.
    serve(answer, incoming, outgoing).catch(() => outgoing.destroy())
  }
}

type Answer = (request: WebRequest) => Promise<WebResponse>

async function serve(answer: Answer, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const body = hasBody(incoming) ? await readBody(incoming) : ''
  const response = body === undefined ? TOO_LARGE : await answer(requestOf(incoming, body))
  if (response.isLost === true) {
    outgoing.destroy()
    return
  }
  const length = Buffer.byteLength(response.body)
  outgoing.writeHead(response.status, { ...response.headers, 'content-length': length })
  outgoing.end(incoming.method === 'HEAD' ? undefined : response.body)
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'
}

function requestOf({ method = 'GET', url = '/', headers }: IncomingMessage, body: string): WebRequest {
  const mark = url.indexOf('?')
  return {
    method,
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    body,
    headers: headers as Readonly<Record<string, string | undefined>>,
  }
}

/** By events: it is the path of every request, and an async iterator costs as much as all else that is done here. */
function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= LARGEST_BODY) chunks.push(chunk)
    })
    incoming.once('end', () => resolve(size > LARGEST_BODY ? undefined : textOf(chunks)))
    incoming.once('error', reject)
    incoming.once('close', () => {
      if (!incoming.complete) reject(new Error('The connection broke.'))
    })
  })
}

function textOf(chunks: readonly Buffer[]): string {
  const [first] = chunks
  return first !== undefined && chunks.length === 1 ? first.toString('utf8') : Buffer.concat(chunks).toString('utf8')
}
