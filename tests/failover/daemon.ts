import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where the programs run, and as whom. */
export interface Site {
  readonly folder: string
  /** Who they run as where we are root, as which none of them runs; `null` where we are somebody else anyway. */
  readonly owner: { readonly uid: number; readonly gid: number } | null
}

/** A program that runs until it is ended. */
export interface Daemon {
  readonly pid: number
  readonly isRunning: () => boolean
  signal(name: NodeJS.Signals): void
  /** Ends it by that signal, and resolves when it is gone. */
  end(name: NodeJS.Signals): Promise<void>
  /** The end of what it has logged. */
  logged(): string
}

/** The account that Debian's packages make; any other than root does. */
const ACCOUNT = 'postgres'

const KEPT_OF_LOG = 3000

export function createSite(folder: string): Site {
  const site = { folder, owner: process.getuid?.() === 0 ? accountOf(ACCOUNT) : null }
  own(site, folder)
  return site
}

function accountOf(name: string): { uid: number; gid: number } {
  const number = (flag: string): number => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }))
  return { uid: number('-u'), gid: number('-g') }
}

export function makeFolder(site: Site, name: string): string {
  const folder = join(site.folder, name)
  mkdirSync(folder, { mode: 0o700, recursive: true })
  own(site, folder)
  return folder
}

export function writeConfig(site: Site, name: string, text: string): string {
  const path = join(site.folder, name)
  writeFileSync(path, text, { mode: 0o600 })
  own(site, path)
  return path
}

function own({ owner }: Site, path: string): void {
  if (owner !== null) chownSync(path, owner.uid, owner.gid)
}

export interface DaemonOptions {
  readonly name: string
  readonly program: string
  readonly words: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export function startDaemon(site: Site, { name, program, words, env = {} }: DaemonOptions): Daemon {
  const logPath = join(site.folder, `${name}.log`)
  const log = openSync(logPath, 'a')
  const child: ChildProcess = spawn(program, words, {
    cwd: site.folder,
    stdio: ['ignore', log, log],
    env: { PATH: process.env['PATH'], HOME: site.folder, LC_ALL: 'C.UTF-8', ...env },
    ...site.owner,
  })
  const failed = new Promise<never>((_resolve, reject) => child.once('error', reject))
  failed.catch(() => undefined)
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null && child.pid !== undefined
  return {
    pid: child.pid ?? 0,
    isRunning,
    signal: (signal) => void child.kill(signal),
    end: async (signal) => {
      if (!isRunning()) return
      const exit = once(child, 'exit')
      child.kill(signal)
      await exit
    },
    logged: () => readFileSync(logPath, 'utf8').slice(-KEPT_OF_LOG),
  }
}
