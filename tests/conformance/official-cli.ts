import type { Simulator } from '@paywright/simulator'
import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The CLI takes no test key that is shorter. */
const KEY = 'sk_test_123456789012345678901234'

const LONGEST_RUN_MS = 30_000

const PACKAGE = fileURLToPath(new URL('../../node_modules/@stripe/cli-linux-x64/bin/stripe', import.meta.url))

/** The program that STRIPE_CLI names, or the one from the npm package, which this project has for Linux on x64 only. */
const COMMAND = process.env['STRIPE_CLI'] ?? PACKAGE

/** Whether the CLI is here, and what a test that needs it says beside its name when it is skipped. */
export const officialCli = existsSync(COMMAND)
  ? { isThere: true, reason: '' }
  : { isThere: false, reason: ' (skipped: name the official CLI in STRIPE_CLI)' }

export interface CliRun {
  readonly code: number
  readonly text: string
}

/** Runs a command of the official CLI against the simulator. */
export function runCli(simulator: Simulator, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CliRun> {
  const options = { timeout: LONGEST_RUN_MS, env: { ...quiet(), ...env } }
  return new Promise((resolve) => {
    execFile(COMMAND, [...args, ...connection(simulator)], options, (error, out, errors) => {
      resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : 1, text: out + errors })
    })
  })
}

/** Starts a command that runs until it is told to stop. */
export function startCli(simulator: Simulator, args: readonly string[]): ChildProcess {
  return spawn(COMMAND, [...args, ...connection(simulator)], { env: quiet() })
}

/** The names of all events that `stripe trigger` knows; none where the CLI is not here. */
export function triggerNames(): readonly string[] {
  if (!officialCli.isThere) return []
  const help = execFileSync(COMMAND, ['trigger', '--help'], { encoding: 'utf8', env: quiet() })
  const [, list = ''] = /Supported events:\n([\s\S]*?)\nUsage:/.exec(help) ?? []
  return list.split('\n').flatMap((line) => line.trim() || [])
}

function connection({ url }: Simulator): readonly string[] {
  return ['--api-base', url, '--api-key', KEY]
}

function quiet(): NodeJS.ProcessEnv {
  return { ...process.env, STRIPE_CLI_TELEMETRY_OPTOUT: '1' }
}
