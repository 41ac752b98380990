import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../apps/demo/dist/server/main.js', import.meta.url))

/** The demo as `npm run demo` starts it, in a process and a directory of its own. */
export interface Product {
  readonly origin: string
  readonly simulator: string
  /** Asks the simulator's control plane for something. */
  control(path: string, body: unknown): Promise<void>
  stop(): Promise<void>
}

/** Starts the built demo on free ports; `npm run build` has made it. */
export async function startProduct(): Promise<Product> {
  const directory = mkdtempSync(join(tmpdir(), 'fieldnotes-'))
  const port = await freePortPair()
  const env = { ...process.env, PORT: String(port), DEMO_DIR: directory, STRIPE_SECRET_KEY: '' }
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  await untilServing(child)
  const simulator = `http://127.0.0.1:${port + 1}`
  return {
    origin: `http://localhost:${port}`,
    simulator,
    async control(path, body) {
      const headers = { 'content-type': 'application/json' }
      const response = await fetch(`${simulator}/_sim${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
      if (!response.ok) throw new Error(`The control plane answered ${response.status}: ${await response.text()}`)
    },
    async stop() {
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'exit')
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** Resolves at the line that names the address; fails with all that was printed if the process ends before. */
async function untilServing(child: ChildProcess): Promise<void> {
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
async function freePortPair(): Promise<number> {
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
