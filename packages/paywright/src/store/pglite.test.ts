import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { takeLockFile } from './lock-file.js'
import { pglite } from './pglite.js'
import { createStore } from './store.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'paywright-pglite-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('what is written is there again after closing and opening, and meanwhile nobody else can open it', async () => {
  const dataDir = join(folder, 'data')
  const first = pglite(dataDir)
  await createStore(first).migrate()
  await createStore(first).rememberAccount('key', 'acct_1')
  await expect(pglite(dataDir).exec('select 1', [])).rejects.toMatchObject({ code: 'database_locked' })
  await first.close()
  expect(existsSync(`${dataDir}.lock`)).toBe(false)

  const second = pglite(dataDir)
  expect(await createStore(second).migrate()).toEqual({ applied: [], addedColumns: [] })
  expect(await createStore(second).knownAccount('key')).toBe('acct_1')
  await second.close()
})

test('the lock of a process that runs is respected, and taken over when it has ended', async () => {
  const path = join(folder, 'other.lock')
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  await once(other, 'spawn')
  writeFileSync(path, String(other.pid))
  expect(() => takeLockFile(path)).toThrow(expect.objectContaining({ code: 'database_locked' }))
  other.kill('SIGKILL')
  await once(other, 'exit')
  takeLockFile(path)()
  expect(existsSync(path)).toBe(false)
})

test.each([
  ['an earlier process of the same id', String(process.pid)],
  ['nobody, because it is unreadable', 'what?'],
])('a lock of %s is taken over', (_whose, content) => {
  const path = join(folder, 'stale.lock')
  writeFileSync(path, content)
  const unlock = takeLockFile(path)
  expect(() => takeLockFile(path)).toThrow(expect.objectContaining({ code: 'database_locked' }))
  unlock()
})
