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

const LONG = 'x'.repeat(100_000)

test('a log that has grown long compacts itself, and what is added meanwhile is kept', async () => {
  let count = 0
  const { journal } = await Journal.open<string>(path, () => [`${count} came before`])
  const add = async (): Promise<void> => {
    count += 1
    journal.add(LONG)
    await journal.saved()
  }
  for (let added = 0; added < 100; added++) await add()
  await journal.close()
  const [first, ...rest] = (await Journal.open<string>(path, () => [])).entries
  const before = Number(/^\d+/.exec(first ?? ''))
  expect(before).toBeGreaterThan(75)
  expect(rest).toEqual(Array.from({ length: 100 - before }, () => LONG))
})

test('while the log is written anew, what is added is saved and follows the snapshot', async () => {
  const added: Promise<void>[] = []
  const entries = function* (): Generator<number> {
    for (let value = 0; value < 100; value++) {
      yield value
      if (value < 50) continue
      journal.add(value + 50)
      added.push(journal.saved())
    }
  }
  const { journal } = await Journal.open<number>(path, entries)
  journal.add(-1)
  await journal.compact()
  await Promise.all(added)
  await journal.close()
  expect((await reopened()).entries).toEqual([...Array(150).keys()])
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
