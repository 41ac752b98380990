import { createServer, type Server } from 'node:http'
import Stripe from 'stripe'

/** A webhook endpoint for tests: it verifies every delivery, as a real one must, and remembers it. */
export interface Receiver {
  readonly url: string
  readonly events: Stripe.Event[]
  readonly signatures: string[]
  /** Why it refused what did not verify. */
  readonly refusals: string[]
  /** What it answers from now on. */
  answer: number
  close(): Promise<void>
}

const { webhooks } = new Stripe('sk_test_receiver')

/** Starts a receiver. `now` is the clock by which signatures are judged. */
export async function startReceiver(secret: string, now: () => number): Promise<Receiver> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const signature = String(request.headers['stripe-signature'])
      receiver.signatures.push(signature)
      try {
        const body = Buffer.concat(chunks)
        receiver.events.push(webhooks.constructEvent(body, signature, secret, 300, undefined, now() * 1000))
        response.writeHead(receiver.answer).end('noted')
      } catch (error) {
        receiver.refusals.push(error instanceof Error ? error.message : String(error))
        response.writeHead(400).end('refused')
      }
    })
  })
  const port = await new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve(portOf(server))))
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/webhook`,
    events: [],
    signatures: [],
    refusals: [],
    answer: 200,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return receiver
}

function portOf(server: Server): number {
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The receiver does not listen.')
  return address.port
}
