import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  resolve: {
    alias: [
      { find: /^paywright$/, replacement: source('packages/paywright/src/index.ts') },
      { find: /^paywright\/testing$/, replacement: source('packages/paywright/src/testing/index.ts') },
      { find: /^@paywright\/simulator$/, replacement: source('packages/simulator/src/index.ts') },
      { find: /^@paywright\/react$/, replacement: source('packages/react/src/index.ts') },
    ],
  },
  test: {
    include: [
      'packages/*/src/**/*.test.{ts,tsx}',
      'apps/*/**/*.test.{ts,tsx}',
      'tests/**/*.test.ts',
      'tools/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**'],
    setupFiles: ['tests/no-console-error.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
