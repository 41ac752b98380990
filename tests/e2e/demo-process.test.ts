import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freePortPair, spawnDemo, untilServing } from './product.js'
import { stripeOf } from './truth.js'

let directory: string
let port: number
let children: ChildProcess[]

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'fieldnotes-'))
  port = await freePortPair()
  children = []
})

afterEach(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  rmSync(directory, { recursive: true, force: true })
})

function spawnHere(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): ChildProcess {
  const child = spawnDemo({ port, directory, args, env })
  children.push(child)
  return child
}

interface Ended {
  readonly code: number | null
  readonly printed: string
  readonly complained: string
}

async function ended(child: ChildProcess): Promise<Ended> {
  const [[code], printed, complained] = await Promise.all([
    once(child, 'exit'),
    child.stdout === null ? '' : text(child.stdout),
    child.stderr === null ? '' : text(child.stderr),
  ])
  return { code, printed, complained }
}

test('--help says how it is used', async () => {
  const { code, printed, complained } = await ended(spawnHere(['--help']))
  expect([code, complained]).toEqual([0, ''])
  expect(printed).toContain('Usage: npm run demo')
})

test.each([
  { args: ['--rest'], env: {}, says: "Unknown option '--rest'" },
  { args: ['now'], env: {}, says: "Unexpected argument 'now'" },
  { args: [], env: { PORT: 'http' }, says: 'Give a number from 1 to 65534' },
  { args: [], env: { PORT: '65535' }, says: 'Give a number from 1 to 65534' },
  { args: [], env: { STRIPE_SECRET_KEY: 'sk_live_0123456789' }, says: 'STRIPE_SECRET_KEY is not a test key.' },
  { args: [], env: { STRIPE_SECRET_KEY: 'pk_test_0123456789' }, says: 'STRIPE_SECRET_KEY is not a test key.' },
])('$args with $env is refused before anything is started', async ({ args, env, says }) => {
  const { code, printed, complained } = await ended(spawnHere(args, env))
  expect([code, printed]).toEqual([2, ''])
  expect(complained).toContain(says)
  expect(complained).not.toContain('0123456789')
})

test.each([
  ['the product', 0],
  ['the simulator', 1],
])('a port of %s that is in use is named, with what to do', async (_whose, offset) => {
  const occupant = createServer()
  await listen(occupant, port + offset)
  try {
    const { code, complained } = await ended(spawnHere())
    expect(code).toBe(1)
    expect(complained).toContain(`Port ${port} or ${port + 1} is in use.`)
    expect(complained).toContain('PORT=4000 npm run demo')
  } finally {
    occupant.close()
  }
})

async function listen(server: Server, on: number): Promise<void> {
  server.listen(on, 'localhost')
  await once(server, 'listening')
}

test('Ctrl-C ends it, what was done is there again after a restart, and --reset forgets it', async () => {
  const first = await serving()
  const cookie = await signIn()
  await ask('/projects', cookie, { name: 'Moss' })
  await stripeOfDemo().customers.create({ email: 'ada@customer.example' })
  expect(await interrupted(first)).toBe(0)

  const second = await serving()
  expect(await (await ask('/projects', cookie)).json()).toMatchObject({ projects: [{ name: 'Moss' }] })
  expect(await customers()).toEqual(['ada@customer.example'])
  expect(await interrupted(second)).toBe(0)

  await serving(['--reset'])
  expect((await ask('/projects', cookie)).status).toBe(401)
  expect(await customers()).toEqual([])
}, 60_000)

async function serving(args: readonly string[] = []): Promise<ChildProcess> {
  const child = spawnHere(args)
  await untilServing(child)
  return child
}

async function interrupted(child: ChildProcess): Promise<unknown> {
  const exit = once(child, 'exit')
  child.kill('SIGINT')
  return (await exit)[0]
}

const stripeOfDemo = () => stripeOf(`http://127.0.0.1:${port + 1}`)

async function customers(): Promise<readonly (string | null)[]> {
  const { data } = await stripeOfDemo().customers.list()
  return data.map(({ email }) => email)
}

async function ask(path: string, cookie: string, body?: unknown): Promise<Response> {
  const origin = `http://localhost:${port}`
  const headers = { origin, cookie, 'content-type': 'application/json' }
  const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
  return fetch(`${origin}/api${path}`, { headers, ...sent })
}

async function signIn(): Promise<string> {
  const response = await ask('/session', '', { email: 'ada@customer.example' })
  return response.headers.get('set-cookie')?.split(';')[0] ?? ''
}
