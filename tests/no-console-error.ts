import { format } from 'node:util'
import { afterAll, afterEach, expect } from 'vitest'

const complaints: string[] = []

/** What a library tells nobody but the console is lost; in a test, the test it happened in fails. */
for (const level of ['error', 'warn'] as const) {
  console[level] = (...words: readonly unknown[]) => void complaints.push(`console.${level}: ${format(...words)}`)
}

function expectNone(): void {
  expect(complaints.splice(0)).toEqual([])
}

afterEach(expectNone)
afterAll(expectNone)
