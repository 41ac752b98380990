import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, chownSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { freePort } from './local-postgres.js'

/** A PgBouncer in transaction mode before a Postgres. */
export interface LocalPgBouncer {
  /** The same address through PgBouncer. */
  through(databaseUrl: string): string
  stop(): Promise<void>
}

/** What it is told besides what it needs to run. */
export type PgBouncerSettings = Readonly<Record<string, string | number>>

// Debian keeps it where the path of ordinary users does not lead.
const ELSEWHERE = ['/usr/sbin', '/usr/local/sbin']

/** The program, or the reason that a test says beside its name when it is skipped. */
export function findPgBouncer(): { readonly program: string | null; readonly reason: string } {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...ELSEWHERE]
  const program = folders.map((folder) => join(folder, 'pgbouncer')).find(isProgram) ?? null
  return { program, reason: program === null ? ' (skipped: pgbouncer is not installed; Debian: pgbouncer)' : '' }
}

export async function startPgBouncer(
  program: string,
  postgresUrl: string,
  settings: PgBouncerSettings = {},
): Promise<LocalPgBouncer> {
  const folder = mkdtempSync(join(tmpdir(), 'paywright-pgbouncer-'))
  const { hostname, port: postgresPort, username, password } = new URL(postgresUrl)
  const port = await freePort()
  const users = join(folder, 'users.txt')
  const config = join(folder, 'pgbouncer.ini')
  writeFileSync(users, `"${username}" "${decodeURIComponent(password)}"\n`)
  writeFileSync(config, iniOf({ server: `host=${hostname} port=${postgresPort}`, port, users, settings }))
  // It refuses to run as root, which is who runs in many containers.
  const isRoot = process.getuid?.() === 0
  if (isRoot) for (const path of [folder, users, config]) chownSync(path, NOBODY, NOBODY)
  const owner = isRoot ? { uid: NOBODY, gid: NOBODY } : {}
  const child = spawn(program, [config], { stdio: ['ignore', 'ignore', 'pipe'], ...owner })
  const exit = once(child, 'exit')
  await isUp(child.stderr)
  return {
    through: (databaseUrl) => {
      const address = new URL(databaseUrl)
      address.port = String(port)
      return address.href
    },
    stop: async () => {
      child.kill('SIGTERM')
      await exit
      rmSync(folder, { recursive: true })
    },
  }
}

/** The account that owns nothing, by its number on Linux. */
const NOBODY = 65_534

async function isUp(log: NodeJS.ReadableStream): Promise<void> {
  const said: string[] = []
  for await (const line of createInterface({ input: log })) {
    said.push(line)
    if (!line.includes('process up')) continue
    // What nobody reads must not fill the pipe and stop it.
    log.resume()
    return
  }
  throw new Error(`PgBouncer did not start:\n${said.join('\n')}`)
}

interface Ini {
  readonly server: string
  readonly port: number
  readonly users: string
  readonly settings: PgBouncerSettings
}

function iniOf({ server, port, users, settings }: Ini): string {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`)
  return `[databases]
* = ${server}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${users}
pool_mode = transaction
${lines.join('')}`
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
