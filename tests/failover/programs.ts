import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where the programs of the drill are. */
export interface Programs {
  readonly etcd: string
  readonly patroni: string
  readonly pgbouncer: string
  /** The folder with `postgres`, `initdb` and `pg_rewind`. */
  readonly postgresFolder: string
}

const POSTGRES_VERSIONS = ['18', '17', '16', '15']

const ELSEWHERE = [
  '/usr/sbin',
  '/usr/local/sbin',
  ...POSTGRES_VERSIONS.map((version) => `/usr/lib/postgresql/${version}/bin`),
]

/** Debian's package of each. */
const PACKAGES = { etcd: 'etcd-server', patroni: 'patroni', pgbouncer: 'pgbouncer', postgres: 'postgresql' } as const

/** What Patroni calls: a folder with only some of it is of no use. */
const OF_POSTGRES = ['postgres', 'initdb', 'pg_ctl', 'pg_controldata', 'pg_basebackup', 'pg_rewind']

/** Answers where they are, or the sentence that says what to install. */
export function findPrograms(): Programs | { readonly missing: string } {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...ELSEWHERE]
  const folderOf = (program: string): string | undefined => {
    const needed = program === 'postgres' ? OF_POSTGRES : [program]
    return folders.find((folder) => needed.every((name) => isProgram(join(folder, name))))
  }
  const [etcd, patroni, pgbouncer, postgres] = [
    folderOf('etcd'),
    folderOf('patroni'),
    folderOf('pgbouncer'),
    folderOf('postgres'),
  ]
  if (etcd === undefined || patroni === undefined || pgbouncer === undefined || postgres === undefined) {
    const missing = Object.entries(PACKAGES).filter(([program]) => folderOf(program) === undefined)
    const names = missing.map(([program]) => program).join(', ')
    const packages = missing.map(([, name]) => name).join(' ')
    return { missing: `The drill needs ${names}. On Debian: apt-get install ${packages}` }
  }
  return {
    etcd: join(etcd, 'etcd'),
    patroni: join(patroni, 'patroni'),
    pgbouncer: join(pgbouncer, 'pgbouncer'),
    postgresFolder: postgres,
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
