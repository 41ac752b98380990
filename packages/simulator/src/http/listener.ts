import type { IncomingMessage, ServerResponse } from 'node:http'
import type { UnixSeconds } from '../core/unix-seconds.js'

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

/** From request to response; at once where nothing has to be waited for. */
type Answer = (request: WebRequest) => WebResponse | Promise<WebResponse>

/**
 * Serves requests of Node's HTTP server by a function from request to response. What a response says of its time is the
 * time of the simulator's clock: clients judge by it what is newer.
 */
export function listener(answer: Answer, now: () => UnixSeconds) {
  const leave = inTurns(dateHeader(now))
  return (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const isHead = incoming.method === 'HEAD'
    readBody(incoming, (body) => {
      try {
        const response = body === undefined ? TOO_LARGE : answer(requestOf(incoming, body))
        if (!(response instanceof Promise)) return leave({ outgoing, response, isHead })
        response.then((later) => leave({ outgoing, response: later, isHead })).catch(() => outgoing.destroy())
      } catch {
        outgoing.destroy()
      }
    })
  }
}

interface Leaving {
  readonly outgoing: ServerResponse
  readonly response: WebResponse
  readonly isHead: boolean
}

/**
 * Responses leave together when all requests that have come in are carried out: a client that waits on several connections
 * is woken once for all of them, and to wake one costs more than to write.
 */
function inTurns(date: () => string): (leaving: Leaving) => void {
  let waiting: Leaving[] = []
  const leave = (): void => {
    const leaving = waiting
    waiting = []
    for (const one of leaving) send(one, date())
  }
  return (leaving) => {
    if (waiting.push(leaving) === 1) setImmediate(leave)
  }
}

function send({ outgoing, response, isHead }: Leaving, date: string): void {
  if (response.isLost === true) return void outgoing.destroy()
  const { status, headers, body } = response
  try {
    outgoing.writeHead(status, { ...headers, date, 'content-length': Buffer.byteLength(body) })
    outgoing.end(isHead ? undefined : body)
  } catch {
    // What cannot be written, such as a header with a line break, leaves nothing to answer.
    outgoing.destroy()
  }
}

/** Worded once for all responses of a second. */
function dateHeader(now: () => UnixSeconds): () => string {
  let worded = { at: NaN, date: '' }
  return () => {
    const at = now()
    if (at !== worded.at) worded = { at, date: new Date(at * 1000).toUTCString() }
    return worded.date
  }
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

/**
 * By events: it is the path of every request, and an async iterator costs as much as all else that is done here. A
 * connection that breaks meanwhile has nobody left to answer, and nothing comes of it.
 */
function readBody(incoming: IncomingMessage, done: (body: string | undefined) => void): void {
  if (!hasBody(incoming)) return done('')
  const chunks: Buffer[] = []
  let size = 0
  incoming.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size <= LARGEST_BODY) chunks.push(chunk)
  })
  incoming.on('end', () => done(size > LARGEST_BODY ? undefined : textOf(chunks)))
}

function textOf(chunks: readonly Buffer[]): string {
  const [first] = chunks
  return first !== undefined && chunks.length === 1 ? first.toString('utf8') : Buffer.concat(chunks).toString('utf8')
}
