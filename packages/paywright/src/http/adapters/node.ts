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
    handler(toRequest(incoming))
      .then((response) => send(response, outgoing))
      .catch((error: unknown) => outgoing.destroy(error instanceof Error ? error : new Error(String(error))))
  }
}

function toRequest(incoming: IncomingMessage & { readonly originalUrl?: string }): Request {
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
  return new Request(url, { method, headers: fields, ...(hasBody && { body: bodyOf(incoming), duplex: 'half' }) })
}

/** Node's own type of web streams and that of `Request` are the same at run time, and named twice. */
function bodyOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  return Readable.toWeb(incoming) as ReadableStream<Uint8Array>
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, [...response.headers].flat())
  outgoing.end(Buffer.from(await response.arrayBuffer()))
}
