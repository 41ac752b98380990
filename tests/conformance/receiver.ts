import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A webhook endpoint that takes everything and checks nothing. */
export interface Receiver {
  readonly url: string
  readonly requests: readonly ReceivedRequest[]
  /** The ids of the events that arrived. */
  ids(): readonly string[]
  close(): Promise<void>
}

export interface ReceivedRequest {
  readonly body: string
  readonly signature: string
}

export async function startReceiver(): Promise<Receiver> {
  const requests: ReceivedRequest[] = []
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      requests.push({
        body: Buffer.concat(chunks).toString('utf8'),
        signature: String(incoming.headers['stripe-signature']),
      })
      outgoing.end('taken')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // Guaranteed by listening on a port and not on a pipe.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    requests,
    ids: () => requests.map(({ body }) => (JSON.parse(body) as { id: string }).id),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
