import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Difference } from 'paywright/testing'
import { copyEmptyDatabase } from './empty-database.js'
import { differencesBetween } from './truth.js'

const MAIN = fileURLToPath(new URL('../../apps/demo/dist/server/main.js', import.meta.url))

/** The demo as `npm run demo` starts it, in a process and a directory of its own. */
export interface Product {
  readonly origin: string
  readonly simulator: string
  /** Asks the simulator's control plane for something. */
  control(path: string, body?: unknown): Promise<unknown>
  /** What the product's database says otherwise than the simulator, once all that happened was delivered. */
  differences(): Promise<readonly Difference[]>
  /** What it printed as an error, and that it ended by itself: nothing, in a sound product. */
  complaints(): readonly string[]
  stop(): Promise<void>
}

/** Starts the built demo on free ports; `npm run build` has made it. */
export async function startProduct(): Promise<Product> {
  const directory = mkdtempSync(join(tmpdir(), 'fieldnotes-'))
  await copyEmptyDatabase(join(directory, 'database'))
  const port = await freePortPair()
  const child = spawnDemo({ port, directory })
  const ended = once(child, 'exit')
  await untilServing(child)
  const complaints = complaintsOf(child)
  const simulator = `http://127.0.0.1:${port + SIMULATOR_OFFSET}`
  const control = (path: string, body: unknown = {}): Promise<unknown> => post(`${simulator}/_sim${path}`, body)
  return {
    origin: `http://localhost:${port}`,
    simulator,
    control,
    complaints: () => [...complaints],
    async differences() {
      await control('/deliveries/drain')
      const database = copyWhileStopped(child, join(directory, 'database'))
      try {
        return await differencesBetween(database, simulator)
      } finally {
        rmSync(database, { recursive: true, force: true })
      }
    },
    async stop() {
      child.kill('SIGTERM')
      await ended
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** The simulator stands one port above the product. */
const SIMULATOR_OFFSET = 1

/** Runs the built demo as `npm run demo` does. */
export function spawnDemo(options: {
  readonly port: number
  readonly directory: string
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}): ChildProcess {
  const { port, directory, args = [], env = {} } = options
  return spawn(process.execPath, [MAIN, ...args], {
    env: { ...process.env, STRIPE_SECRET_KEY: '', PORT: String(port), DEMO_DIR: directory, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

function complaintsOf(child: ChildProcess): readonly string[] {
  const complaints: string[] = []
  child.stderr?.on('data', (text) => complaints.push(String(text)))
  child.once('exit', (code, signal) => complaints.push(`It ended with ${code ?? signal}.`))
  return complaints
}

async function post(url: string, body: unknown): Promise<unknown> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
  return response.json()
}

/** A copy of the database as it is at one instant: PGlite lets in one process only, and that is the product's. */
function copyWhileStopped(child: ChildProcess, database: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'fieldnotes-copy-'))
  child.kill('SIGSTOP')
  try {
    cpSync(database, copy, { recursive: true })
  } finally {
    child.kill('SIGCONT')
  }
  return copy
}

/** Resolves at the line that names the address; fails with all that was printed if the process ends before. */
export async function untilServing(child: ChildProcess): Promise<void> {
  const printed: string[] = []
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue
      createInterface({ input: stream }).on('line', (line) => {
        printed.push(line)
        if (line.includes('Fieldnotes  http')) resolve()
      })
    }
    child.once('exit', (code) => reject(new Error(`The demo ended with ${code}:\n${printed.join('\n')}`)))
  })
}

/** A port whose neighbour is free as well: the simulator stands there. */
export async function freePortPair(): Promise<number> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const first = await listenOn(0)
    const { port } = first.address() as { port: number }
    const second = port < 65_535 ? await listenOn(port + 1).catch(() => null) : null
    await Promise.all([first, second].map(async (server) => server && once(server.close(), 'close')))
    if (second !== null) return port
  }
  throw new Error('No two free ports stand side by side.')
}

async function listenOn(port: number): Promise<ReturnType<typeof createServer>> {
  const server = createServer()
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}
