import { connect, type Socket } from 'node:net'
import { responseReader } from './load.js'

/** One delivery on its way. */
export interface Sent {
  /** `null` where the connection broke before there was an answer. */
  readonly status: number | null
  readonly milliseconds: number
}

/** Sends each request once, so many at a time, over connections that are kept open. Answers in the order of the requests. */
export async function sendAll(
  { port, connections }: { readonly port: number; readonly connections: number },
  requests: readonly string[],
): Promise<readonly Sent[]> {
  const sent: Sent[] = []
  const waiting = requests.entries()
  const lane = async (): Promise<void> => {
    let line = createLine(port)
    for (const [index, request] of waiting) {
      const before = performance.now()
      const status = await line.ask(request)
      sent[index] = { status, milliseconds: performance.now() - before }
      if (status !== null) continue
      line.close()
      line = createLine(port)
    }
    line.close()
  }
  await Promise.all(Array.from({ length: Math.min(connections, requests.length) }, lane))
  return sent
}

/** A connection that asks one thing at a time; it is opened with the first. */
function createLine(port: number): { ask(request: string): Promise<number | null>; close(): void } {
  let socket: Socket | null = null
  let answered: (status: number | null) => void = () => undefined
  const open = (): Socket => {
    const opened = connect({ port, host: '127.0.0.1', noDelay: true })
    opened.on(
      'data',
      responseReader((status) => answered(status)),
    )
    // An error is followed by the end, too.
    opened.on('error', () => undefined)
    opened.on('close', () => answered(null))
    return opened
  }
  return {
    ask: (request) =>
      new Promise((resolve) => {
        answered = resolve
        socket ??= open()
        socket.write(request)
      }),
    close: () => {
      socket?.destroy()
    },
  }
}
