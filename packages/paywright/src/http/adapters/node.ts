import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'

/**
 * Makes a listener of `node:http` (or a middleware of Express and its kin) from `billing.handler`. Mount it before any body
 * parser, because the signature of a webhook is over the bytes as they came.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http'
 * import { toNodeListener, type Billing, type PlanDefinitions } from 'paywright'
 *
 * export const serve = (billing: Billing<PlanDefinitions>) => createServer(toNodeListener(billing.handler))
 * ```
 */
export function toNodeListener(
  handler: (request: Request) => Promise<Response>,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (incoming, outgoing) => {
    toRequest(incoming)
      .then(handler)
      .then((response) => send(response, outgoing))
      .catch((error: unknown) => outgoing.destroy(error instanceof Error ? error : new Error(String(error))))
  }
}

async function toRequest(incoming: IncomingMessage & { readonly originalUrl?: string }): Promise<Request> {
  const { method = 'GET', headers } = incoming
  const isEncrypted = 'encrypted' in incoming.socket
  // Express takes the path that it is mounted at out of `url`.
  const path = incoming.originalUrl ?? incoming.url ?? '/'
  // Joined as text: a path that begins with two slashes would name another host.
  const url = new URL(`${isEncrypted ? 'https' : 'http'}://${headers.host ?? 'localhost'}${path}`)
  const fields = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one): [string, string] => [name, one]),
  )
  const hasBody = method !== 'GET' && method !== 'HEAD'
  if (!hasBody) return new Request(url, { method, headers: fields })
  if (isShort(incoming)) return new Request(url, { method, headers: fields, body: await wholeBody(incoming) })
  return new Request(url, { method, headers: fields, body: bodyOf(incoming), duplex: 'half' })
}

/** What is read at once, because a stream of the web costs more than all of an ordinary webhook. */
const LONGEST_WHOLE = 65_536

/** Node takes no more from the connection than the header says. */
function isShort({ headers }: IncomingMessage): boolean {
  return Number(headers['content-length'] ?? Infinity) <= LONGEST_WHOLE
}

async function wholeBody(incoming: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Node's own type of web streams and that of `Request` are the same at run time, and named twice. */
function bodyOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  return Readable.toWeb(incoming) as ReadableStream<Uint8Array>
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, [...response.headers].flat())
  outgoing.end(Buffer.from(await response.arrayBuffer()))
}
