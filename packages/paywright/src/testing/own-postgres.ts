import { randomBytes } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { chownSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runEmbedded } from './local-postgres.js'

/** A Postgres server that a test may mistreat. */
export interface OwnPostgres {
  /** Where the superuser reaches it; the database is `postgres`. */
  readonly url: string
  /** Ends it as an administrator does, with everybody's sessions; everything that was committed is kept. */
  shutDown(): Promise<void>
  start(): Promise<void>
  /** A disk of so many megabytes for a tablespace, where we may make one. */
  smallDisk(megabytes: number): string
  /** Ends it and removes all its files. */
  remove(): Promise<void>
}

export async function startOwnPostgres(): Promise<OwnPostgres> {
  const { server, url, folder } = await runEmbedded({ name: 'own-postgres', isPersistent: true })
  const disks: string[] = []
  return {
    url,
    shutDown: () => server.stop(),
    start: () => server.start(),
    smallDisk: (megabytes) => {
      const disk = mountDisk(`${folder}-disk-${disks.length + 1}`, megabytes)
      disks.push(disk)
      const { uid, gid } = statSync(folder)
      chownSync(disk, uid, gid)
      return disk
    },
    remove: async () => {
      await server.stop()
      for (const disk of disks) unmountDisk(disk)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Whether we are somebody who may make a small disk, which is root on Linux outside of most containers. */
export function mayMakeDisks(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  try {
    unmountDisk(mountDisk(join(tmpdir(), `paywright-disk-${randomBytes(6).toString('hex')}`), 1))
    return true
  } catch {
    return false
  }
}

function mountDisk(path: string, megabytes: number): string {
  mkdirSync(path)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path], { stdio: 'ignore' })
  } catch (error) {
    rmSync(path, { recursive: true })
    throw error
  }
  return path
}

function unmountDisk(path: string): void {
  execFileSync('umount', [path], { stdio: 'ignore' })
  rmSync(path, { recursive: true })
}
