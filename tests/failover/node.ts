import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from 'paywright/testing'
import { type Daemon, makeFolder, type Site, startDaemon, writeConfig } from './daemon.js'
import type { Programs } from './programs.js'

/** One machine of the cluster: a Postgres, and the Patroni that looks after it. */
export interface Node {
  readonly name: string
  readonly postgresPort: number
  /** Where Patroni says how the cluster is. */
  readonly restUrl: string
  start(): void
  /** The machine is gone from one moment to the next: SIGKILL to Patroni, to Postgres and to every child of it. */
  crash(): Promise<void>
  /** Ends it in good order. */
  stop(): Promise<void>
  isRunning(): boolean
  logged(): string
}

export interface NodeParts {
  readonly site: Site
  readonly programs: Programs
  readonly etcdUrl: string
}

/** The shortest times that Patroni takes: the lock of a leader who is gone ends after `ttl` seconds. */
const TIMES = { ttl: 20, loop_wait: 2, retry_timeout: 3 }

const SUPERUSER = 'postgres'

export async function createNode({ site, programs, etcdUrl }: NodeParts, name: string): Promise<Node> {
  const postgresPort = await freePort()
  const restPort = await freePort()
  const folder = makeFolder(site, name)
  const dataFolder = join(folder, 'data')
  const settings = settingsOf({ name, folder, dataFolder, etcdUrl, postgresPort, restPort, programs })
  // Patroni reads YAML, of which JSON is a part.
  const config = writeConfig(site, `${name}.yml`, JSON.stringify(settings, null, 2))
  let patroni: Daemon | null = null
  const start = (): void => {
    patroni = startDaemon(site, { name: `${name}.patroni`, program: programs.patroni, words: [config] })
  }
  return {
    name,
    postgresPort,
    restUrl: `http://127.0.0.1:${restPort}`,
    start,
    crash: async () => {
      // First, or it would see its Postgres go and act.
      await patroni?.end('SIGKILL')
      const postmaster = postmasterIn(dataFolder)
      // The children first: without their parent they would still come to the end of what they are doing.
      if (postmaster !== null) for (const pid of [...childrenOf(postmaster), postmaster]) killHard(pid)
    },
    stop: async () => {
      await patroni?.end('SIGTERM')
      const postmaster = postmasterIn(dataFolder)
      if (postmaster !== null) killHard(postmaster)
    },
    isRunning: () => patroni?.isRunning() ?? false,
    logged: () => patroni?.logged() ?? '',
  }
}

interface Settings {
  readonly name: string
  readonly folder: string
  readonly dataFolder: string
  readonly etcdUrl: string
  readonly postgresPort: number
  readonly restPort: number
  readonly programs: Programs
}

function settingsOf({ name, folder, dataFolder, etcdUrl, postgresPort, restPort, programs }: Settings) {
  const account = (username: string) => ({ username, password: 'drill' })
  return {
    scope: 'drill',
    name,
    restapi: { listen: `127.0.0.1:${restPort}`, connect_address: `127.0.0.1:${restPort}` },
    etcd3: { host: new URL(etcdUrl).host },
    bootstrap: {
      dcs: {
        ...TIMES,
        // A commit is on two machines before it is answered, and there is no other kind of commit.
        synchronous_mode: true,
        synchronous_mode_strict: true,
        postgresql: { use_pg_rewind: true, parameters: { max_connections: 100, wal_log_hints: 'on' } },
      },
      initdb: [{ encoding: 'UTF8' }, { locale: 'C.UTF-8' }, 'data-checksums'],
    },
    postgresql: {
      listen: `127.0.0.1:${postgresPort}`,
      connect_address: `127.0.0.1:${postgresPort}`,
      data_dir: dataFolder,
      bin_dir: programs.postgresFolder,
      pgpass: join(folder, 'pgpass'),
      authentication: {
        superuser: account(SUPERUSER),
        replication: account('replicator'),
        rewind: account('rewinder'),
      },
      pg_hba: ['local all all trust', 'host all all 127.0.0.1/32 trust', 'host replication all 127.0.0.1/32 trust'],
      parameters: { unix_socket_directories: folder, shared_buffers: '64MB' },
    },
    tags: { nofailover: false, noloadbalance: false, clonefrom: false, nosync: false },
  }
}

/** The process id in the first line of the file that Postgres keeps while it runs. */
function postmasterIn(dataFolder: string): number | null {
  try {
    const pid = Number(readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8').split('\n')[0])
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(dataFolder) ? pid : null
  } catch {
    // There is no such file, or no such process any more.
    return null
  }
}

function childrenOf(pid: number): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

function killHard(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    // It came to its end by itself in the meantime.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
