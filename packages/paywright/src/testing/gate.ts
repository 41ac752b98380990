import { connect, createServer, type Server, type Socket } from 'node:net'

/** Stands before a server, and is shut where the server is to be out of reach. */
export interface Gate {
  readonly port: number
  /** Connections break, and no other is taken. */
  shut(): Promise<void>
  open(): Promise<void>
}

/** A gate that is shut at first. */
export async function createGate(target: { readonly host: string; readonly port: number }): Promise<Gate> {
  const sockets = new Set<Socket>()
  const server = createServer((incoming) => {
    const outgoing = connect(target)
    const ends = [incoming, outgoing]
    for (const [socket, other] of [ends, ends.toReversed()] as readonly (readonly Socket[])[]) {
      if (socket === undefined || other === undefined) continue
      sockets.add(socket)
      // Either end may break; then the other one goes as well.
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
    }
  })
  // Takes a port, which it keeps for as long as the test runs.
  const port = await listen(server, 0)
  const shut = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    for (const socket of sockets) socket.destroy()
    await closed
  }
  await shut()
  return { port, shut, open: async () => void (await listen(server, port)) }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}
