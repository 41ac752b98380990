import { defineConfig } from 'vitest/config'
import shared from './vitest.config.js'

const LONGEST_INSTALLATION_MS = 600_000

/** What `npm run conformance` runs: the quick tests that `npm test` runs, too, and clients that are installed first. */
export default defineConfig({
  ...shared,
  test: {
    ...shared.test,
    include: ['tests/conformance/**/*.{test,conformance}.ts', 'tests/contract/**/*.test.ts'],
    testTimeout: LONGEST_INSTALLATION_MS,
    hookTimeout: LONGEST_INSTALLATION_MS,
  },
})
