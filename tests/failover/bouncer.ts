import { freePort } from 'paywright/testing'
import { type Daemon, makeFolder, type Site, startDaemon, writeConfig } from './daemon.js'
import type { Programs } from './programs.js'

/** A pgbouncer in transaction mode, in front of one Postgres. */
export interface Bouncer {
  readonly port: number
  /** Turns to another Postgres by a reload, as an operator's script does when the primary has changed. */
  turnTo(postgresPort: number): void
  stop(): Promise<void>
}

export interface BouncerOptions {
  readonly name: string
  readonly postgresPort: number
}

export async function startBouncer(
  site: Site,
  programs: Programs,
  { name, postgresPort }: BouncerOptions,
): Promise<Bouncer> {
  const port = await freePort()
  const folder = makeFolder(site, name)
  const users = writeConfig(site, `${name}.users`, '"postgres" "drill"\n')
  const write = (target: number): string => writeConfig(site, `${name}.ini`, iniOf({ port, folder, users, target }))
  const config = write(postgresPort)
  const daemon: Daemon = startDaemon(site, { name, program: programs.pgbouncer, words: [config] })
  return {
    port,
    turnTo: (target) => {
      write(target)
      daemon.signal('SIGHUP')
    },
    stop: () => daemon.end('SIGTERM'),
  }
}

interface Ini {
  readonly port: number
  readonly folder: string
  readonly users: string
  readonly target: number
}

function iniOf({ port, folder, users, target }: Ini): string {
  return `[databases]
* = host=127.0.0.1 port=${target}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir = ${folder}
auth_type = trust
auth_file = ${users}
pool_mode = transaction
max_client_conn = 500
default_pool_size = 20
server_connect_timeout = 2
server_login_retry = 1
; Who has waited this long is told, and comes again, rather than waiting for a primary that may not come.
query_wait_timeout = 5
; After a reload nobody goes on with a connection to the old primary.
server_fast_close = 1
; What drivers send at the start and a shared connection cannot keep.
ignore_startup_parameters = extra_float_digits,options
`
}
