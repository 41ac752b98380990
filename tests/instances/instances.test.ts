import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { startLocalPostgres } from 'paywright/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from './run.js'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))
const PROGRAM = path('../dist/tests/instances/child.js')

const server = await startLocalPostgres()
afterAll(() => server.stop())

/** The processes run what the compiler makes. */
beforeAll(async () => {
  const compiler: ChildProcess = spawn(process.execPath, [
    path('../../node_modules/typescript/bin/tsc'),
    '-b',
    path('..'),
  ])
  const [code] = await once(compiler, 'exit')
  expect(code).toBe(0)
})

/** Its parts in common; each process may be stopped for longer than the lease, which is short here to be short of time. */
const COMMON = { program: PROGRAM, leaseSeconds: 2, customersEach: 4 }

const isWell = { lost: 0, wrongRows: 0, writtenLate: 0, complaints: [] }

describe('four processes on one Postgres', { timeout: 300_000 }, () => {
  test('killed, and stopped for longer than a lease, with clocks that are wrong by minutes', async () => {
    const options = { ...COMMON, seed: 1, skews: [0, -90, 120, 0], isClockBelieved: false }
    const report = await run(
      { ...options, databaseUrl: await server.createDatabase() },
      ({ actions, stopped }) => actions >= 60 && stopped > 1,
    )
    expect(report).toMatchObject(isWell)
    expect(report.killed, 'some were killed').toBeGreaterThan(1)
    expect(report.stopped, 'some were stopped').toBeGreaterThan(1)
    expect(report.lostLeases, 'who was stopped lost its lease, and wrote nothing').toBeGreaterThanOrEqual(
      report.stopped,
    )
  })

  test('each of whom believes its own wrong clock, so that leases end too early for some', async () => {
    const options = { ...COMMON, seed: 2, skews: [0, -90, 120, 0], isClockBelieved: true, isPeaceful: true }
    const report = await run({ ...options, databaseUrl: await server.createDatabase() }, ({ actions }) => actions >= 40)
    expect(report).toMatchObject(isWell)
    expect(report.lostLeases, 'leases were taken from under the hands of some').toBeGreaterThan(0)
  })
})
