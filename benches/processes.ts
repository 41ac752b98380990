import { execFileSync, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** A server in a process of its own, so that measuring it costs it nothing. */
export interface Served {
  readonly port: number
  readonly child: ChildProcessWithoutNullStreams
  /** Milliseconds until it said where it listens. */
  readonly startedIn: number
}

export interface Start {
  readonly command: string
  readonly args: readonly string[]
  /** What it is told on its standard input. */
  readonly input?: string
  /** Finds the port in what it prints. */
  readonly port: RegExp
  readonly env?: Readonly<Record<string, string>>
  /** Whether what it complains of is of no interest. */
  readonly isQuiet?: boolean
}

const children = new Set<ChildProcessWithoutNullStreams>()
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL')
})

/** Starts a server and waits for it to say where it listens. */
export async function serve({ command, args, input, port, env = {}, isQuiet = false }: Start): Promise<Served> {
  const before = performance.now()
  const child = spawn(command, args, { env: { ...process.env, ...env } })
  children.add(child)
  if (isQuiet) child.stderr.resume()
  else child.stderr.pipe(process.stderr)
  child.stdin.end(input)
  const found = await portIn(child, port)
  return { port: found, child, startedIn: performance.now() - before }
}

/** What is printed later is read, too, and forgotten: a full pipe would stop the server. */
function portIn({ stdout }: ChildProcessWithoutNullStreams, port: RegExp): Promise<number> {
  return new Promise((resolve, reject) => {
    let printed = ''
    stdout.on('data', (chunk: Buffer) => {
      if (printed.length < 10_000) printed += String(chunk)
      const found = port.exec(printed)?.[1]
      if (found !== undefined) resolve(Number(found))
    })
    stdout.once('end', () => reject(new Error(`A server ended without saying where it listens: ${printed}`)))
  })
}

export function stop({ child }: Served): void {
  child.kill()
  children.delete(child)
}

const simulator = fileURLToPath(new URL('../../packages/simulator', import.meta.url))
const bare = fileURLToPath(new URL('bare-server.js', import.meta.url))
const PORT = /127\.0\.0\.1:(\d+)/

/** The simulator as its command starts it. */
export function serveSimulator(...args: readonly string[]): Promise<Served> {
  const command = `${simulator}/bin/paywright-simulator.js`
  return serve({ command: process.execPath, args: [command, '--port', '0', ...args], port: PORT })
}

/** Makes of the checkout what is in the package, and undoes it. */
export function bundleSimulator(...args: readonly '--remove'[]): void {
  execFileSync(process.execPath, [`${simulator}/tools/bundle.mjs`, ...args], { stdio: 'inherit' })
}

/** A server of Node's own that answers what it is given here. */
export function serveBare(response: object): Promise<Served> {
  return serve({ command: process.execPath, args: [bare], input: JSON.stringify(response), port: PORT })
}
