import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Stripe from 'stripe'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url))
const compiler = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url))
const project = fileURLToPath(new URL('..', import.meta.url))

let folder: string
const children: ChildProcess[] = []

beforeAll(() => {
  // What is run is what is built. Whether the types are right is for the check to say.
  spawnSync(process.execPath, [compiler, '-b', project])
  folder = mkdtempSync(join(tmpdir(), 'simulator-'))
})

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

afterAll(() => rmSync(folder, { recursive: true }))

interface Started {
  readonly child: ChildProcess
  readonly stripe: Stripe
  readonly output: string
}

async function start(...args: string[]): Promise<Started> {
  const child = spawn(process.execPath, [cli, '--port', '0', ...args])
  children.push(child)
  let output = ''
  for await (const chunk of child.stdout) {
    output += String(chunk)
    if (output.includes('console')) break
  }
  const port = Number(/:(\d+)$/m.exec(output)?.[1])
  const stripe = new Stripe('sk_test_x', {
    host: '127.0.0.1',
    port,
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
  })
  return { child, stripe, output }
}

async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [cli, ...args])
  children.push(child)
  const texts = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => (texts.stdout += String(chunk)))
  child.stderr.on('data', (chunk) => (texts.stderr += String(chunk)))
  const [code] = (await once(child, 'close')) as [number]
  return { code, ...texts }
}

test('help and version', async () => {
  expect(await run('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('--webhook-secret') })
  expect(await run('--version')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
})

test.each([
  [['--port', 'x'], '--port x is no port.'],
  [['--nonsense'], "Unknown option '--nonsense'"],
  [['--webhook', 'localhost'], '--webhook localhost is no address.'],
  [['--webhook-secret', 'whsec_1'], 'Give one --webhook for each.'],
  [['--webhook', 'http://a.b', '--webhook-secret', 'secret'], '--webhook-secret begins with whsec_.'],
])('%j is refused with what to do', async (args, message) => {
  const { code, stderr } = await run(...args)
  expect(code).toBe(2)
  expect(stderr).toContain(message)
  expect(stderr).toContain('npx paywright-simulator')
})

test('a port in use is a clear message', async () => {
  const holder = createServer().listen(0, '127.0.0.1')
  await once(holder, 'listening')
  const { port } = holder.address() as { port: number }
  expect(await run('--port', String(port))).toEqual({
    code: 1,
    stdout: '',
    stderr: `Port ${port} on 127.0.0.1 is in use. Stop what listens there, or give another --port.\n`,
  })
  holder.close()
})

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it cleanly', async (signal) => {
  const { child, output } = await start('--webhook', 'http://localhost:1/hook', '--webhook-secret', 'whsec_mine')
  expect(output).toContain('sk_test_')
  child.kill(signal)
  expect(await once(child, 'exit')).toEqual([0, null])
})

test('what was answered survives a SIGKILL, and a retried request is not carried out twice', async () => {
  const data = join(folder, 'killed.jsonl')
  const first = await start('--data', data)
  const made = await Promise.all(
    [...Array(40).keys()].map((count) =>
      first.stripe.customers.create({ name: `Customer ${count}` }, { idempotencyKey: `key-${count}` }),
    ),
  )
  first.child.kill('SIGKILL')
  await once(first.child, 'exit')

  const second = await start('--data', data)
  const ids = (await second.stripe.customers.list({ limit: 100 })).data.map(({ id }) => id)
  expect(ids.toSorted()).toEqual(made.map(({ id }) => id).toSorted())
  const again = await second.stripe.customers.create({ name: 'Customer 7' }, { idempotencyKey: 'key-7' })
  expect(again.id).toBe(made[7]?.id)
  expect(again.lastResponse.headers['idempotent-replayed']).toBe('true')
  const fresh = await second.stripe.customers.create({ name: 'New' })
  expect(ids).not.toContain(fresh.id)
})

test('half a line at the end of the data file is cut off, and it says so', async () => {
  const data = join(folder, 'half.jsonl')
  const first = await start('--data', data)
  const { id } = await first.stripe.customers.create({ name: 'Whole' })
  first.child.kill('SIGKILL')
  await once(first.child, 'exit')
  appendFileSync(data, '{"account":null,"wri')

  const second = await start('--data', data)
  expect(second.output).toContain('20 bytes of an unfinished last line were cut off the data file.')
  expect((await second.stripe.customers.list()).data.map((customer) => customer.id)).toEqual([id])
})

test('killed in the middle of many requests, it has all that it answered', async () => {
  const data = join(folder, 'torn.jsonl')
  const first = await start('--data', data)
  const answered: string[] = []
  const requests = [...Array(200).keys()].map(async (count) => {
    const { id } = await first.stripe.customers.create({ name: `Customer ${count}` })
    answered.push(id)
    if (answered.length === 60) first.child.kill('SIGKILL')
  })
  await Promise.allSettled(requests)
  expect(answered.length).toBeGreaterThanOrEqual(60)

  const second = await start('--data', data)
  const kept = await second.stripe.customers.list({ limit: 100 }).autoPagingToArray({ limit: 1000 })
  const ids = new Set(kept.map(({ id }) => id))
  expect(answered.filter((id) => !ids.has(id))).toEqual([])
  const events = await second.stripe.events
    .list({ type: 'customer.created', limit: 100 })
    .autoPagingToArray({ limit: 1000 })
  expect(events).toHaveLength(kept.length)
})
