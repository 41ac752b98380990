import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Another language's tool, which need not be there. */
export interface Tool {
  readonly isThere: boolean
  /** What a test that needs it says beside its name when it is skipped. */
  readonly reason: string
}

/** Looks for a tool on this machine. */
export function findTool(command: string, versionArgs: readonly string[]): Tool {
  try {
    execFileSync(command, [...versionArgs], { stdio: 'ignore' })
    return { isThere: true, reason: '' }
  } catch {
    return { isThere: false, reason: ` (skipped: ${command} is not installed)` }
  }
}

export interface RunOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
}

/** Runs a program and resolves to what it printed; what it complained about is in the error when it fails. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const env = { ...process.env, ...options.env }
  const settings = { env, maxBuffer: 64 * 1024 * 1024, ...(options.cwd !== undefined && { cwd: options.cwd }) }
  return new Promise((resolve, reject) => {
    execFile(command, [...args], settings, (error, printed, complaints) => {
      if (error === null) return resolve(printed)
      reject(new Error(`${command} ${args.join(' ')}\n${complaints}\n${printed}`, { cause: error }))
    })
  })
}

/**
 * A folder for what a client needs, filled once on a machine and kept among the temporary files. It appears whole or not
 * at all.
 */
export async function keptFolder(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const kept = join(tmpdir(), 'simulator-conformance', name)
  if (existsSync(kept)) return kept
  const unfinished = `${kept}-${process.pid}`
  mkdirSync(unfinished, { recursive: true })
  await fill(unfinished)
  if (existsSync(kept)) rmSync(unfinished, { recursive: true })
  else renameSync(unfinished, kept)
  return kept
}
