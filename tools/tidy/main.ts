import { fileURLToPath } from 'node:url'
import { checkRepository } from './check.js'
import { formatFindings } from './finding.js'
import { readRepository } from './repository.js'

const root = process.argv[2] ?? fileURLToPath(new URL('../../..', import.meta.url))
const findings = checkRepository(readRepository(root))
if (findings.length > 0) {
  console.error(`${formatFindings(findings)}\n\n${findings.length} findings.`)
  process.exitCode = 1
}
