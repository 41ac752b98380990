import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { BillingError } from '../errors.js'

/** Lock files of this process, so that a file left behind by an earlier process of the same id is told apart. */
const held = new Set<string>()

/**
 * Takes the lock file for this process, over from one that has ended if need be; answers how to give it back.
 *
 * @throws `database_locked` while another process, or another user within this one, holds it.
 */
export function takeLockFile(path: string): () => void {
  if (held.has(path) || !(writeIfAbsent(path) || (isLeftBehind(path) && replace(path)))) {
    throw new BillingError('database_locked', { detail: `Process ${readHolder(path) ?? 'unknown'} holds ${path}.` })
  }
  held.add(path)
  return () => {
    held.delete(path)
    rmSync(path, { force: true })
  }
}

function writeIfAbsent(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  }
}

function replace(path: string): boolean {
  rmSync(path, { force: true })
  return writeIfAbsent(path)
}

function readHolder(path: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(path, 'utf8'), 10)
    return Number.isSafeInteger(pid) ? pid : null
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null
    throw error
  }
}

/** A container's processes get the same few ids again, so our own id in a file that we do not hold is an earlier one's. */
function isLeftBehind(path: string): boolean {
  const pid = readHolder(path)
  return pid === null || pid === process.pid || !isRunning(pid)
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it is there, and belongs to somebody else.
    return hasCode(error, 'EPERM')
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
