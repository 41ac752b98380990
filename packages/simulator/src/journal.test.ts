import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Journal } from './journal.js'

let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'))
  path = join(folder, 'world.jsonl')
})

afterEach(() => rmSync(folder, { recursive: true }))

async function reopened(): Promise<{ entries: readonly number[]; cutBytes: number }> {
  const { journal, entries, cutBytes } = await Journal.open<number>(path, () => [])
  await journal.close()
  return { entries, cutBytes }
}

test('what was saved is there again', async () => {
  const { journal } = await Journal.open<number>(path, () => [])
  journal.add(1)
  journal.add(2)
  await journal.saved()
  expect(readFileSync(path, 'utf8')).toBe('1\n2\n')
  journal.add(3)
  await journal.close()
  expect(await reopened()).toEqual({ entries: [1, 2, 3], cutBytes: 0 })
})

test('a torn last line is cut off and reported, and what follows is whole', async () => {
  writeFileSync(path, '1\n2\n{"account":nu')
  expect(await reopened()).toEqual({ entries: [1, 2], cutBytes: 13 })
  expect(readFileSync(path, 'utf8')).toBe('1\n2\n')
  appendFileSync(path, '{"torn":\n')
  expect(await reopened()).toEqual({ entries: [1, 2], cutBytes: 9 })
})

test('damage in the middle is refused rather than skipped', async () => {
  writeFileSync(path, '1\nnonsense\n3\n')
  await expect(Journal.open(path, () => [])).rejects.toThrow('is damaged in line 2')
})

test('compacted, the log is the snapshot and what came after', async () => {
  let sum = 0
  const { journal } = await Journal.open<number>(path, () => [sum])
  for (const value of [1, 2, 3]) {
    sum += value
    journal.add(value)
  }
  await journal.compact()
  journal.add(4)
  await journal.close()
  expect(await reopened()).toEqual({ entries: [6, 4], cutBytes: 0 })
})

test('a log that has grown long compacts itself', async () => {
  let sum = 0
  const { journal } = await Journal.open<number>(path, () => [sum])
  for (let count = 0; count < 20_001; count++) {
    sum += 1
    journal.add(1)
  }
  await journal.saved()
  journal.add(5)
  await journal.close()
  expect(await reopened()).toEqual({ entries: [20_001, 5], cutBytes: 0 })
})

test('whoever waits gets all that was added before, and nothing is written twice', async () => {
  const { journal } = await Journal.open<number>(path, () => [])
  const waits = [...Array(50).keys()].map(async (value) => {
    journal.add(value)
    await journal.saved()
    expect(readFileSync(path, 'utf8').split('\n')).toContain(String(value))
  })
  await Promise.all(waits)
  await journal.close()
  expect((await reopened()).entries).toEqual([...Array(50).keys()])
})
