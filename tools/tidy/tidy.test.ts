import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { checkRepository } from './check.js'
import { formatFindings } from './finding.js'
import { readRepository } from './repository.js'

test('the repository keeps its own rules', () => {
  const findings = checkRepository(readRepository(fileURLToPath(new URL('../..', import.meta.url))))
  expect(findings, `${findings.length} findings:\n${formatFindings(findings)}\n`).toHaveLength(0)
})
