import { describe, expect, test } from 'vitest'
import { tryRule } from '../rule.js'
import { areaBorders, independentOracle, publicEntryPoints } from './borders.js'

const at = (path: string): string => `packages/paywright/src/${path}`

describe('borders', () => {
  test.each([
    ['domain/access.ts', './catalog.js'],
    ['engine/cancel.ts', '../domain/access.js'],
    ['engine/cancel.ts', './ports.js'],
    ['engine/cancel.ts', '../errors.js'],
    ['inbox/process.ts', '../engine/ports.js'],
    ['stripe/gateway.ts', 'stripe'],
    ['store/pg.ts', 'pg'],
    ['store/pg.ts', 'node:fs'],
    ['http/handler.ts', '../engine/cancel.js'],
    ['emails/nodemailer.ts', 'nodemailer'],
    ['create-billing.ts', './store/pg.js'],
    ['create-billing.ts', './stripe/gateway.js'],
    ['cli/main.ts', '../create-billing.js'],
    ['compose.ts', './store/store.js'],
    ['options.ts', './store/database.js'],
    ['testing/index.ts', 'stripe'],
    ['testing/index.ts', '../store/pg.js'],
    ['stripe/testing/simulated-stripe.ts', '@paywright/simulator'],
  ])('%s may import %s', (path, specifier) => {
    expect(tryRule(areaBorders, at(path), `import { a } from '${specifier}'`)).toEqual([])
  })

  test.each([
    ['domain/access.ts', '../engine/ports.js', '`domain` may import nothing outside itself, not `ports`'],
    ['domain/access.ts', '../errors.js', '`domain` may import nothing outside itself, not `errors`'],
    ['domain/access.ts', 'node:crypto', '`domain` does not import `node:crypto`'],
    ['engine/cancel.ts', '../store/pg.js', '`engine` may import domain, ports, errors, not `store`'],
    ['engine/cancel.ts', '../inbox/claim.js', 'not `inbox`'],
    ['engine/ports.ts', './cancel.js', 'not `engine`'],
    ['engine/ports/store.ts', '../cancel.js', 'not `engine`'],
    ['engine/cancel.ts', 'pg', '`engine` does not import `pg`'],
    ['inbox/process.ts', '../engine/cancel.js', 'not `engine`'],
    ['inbox/process.ts', '../stripe/gateway.js', 'not `stripe`'],
    ['store/pg.ts', '../stripe/gateway.js', '`store` may import domain, ports, errors, not `stripe`'],
    ['http/handler.ts', '../store/pg.js', 'not `store`'],
    ['http/handler.ts', '../create-billing.js', 'not `create-billing`'],
    ['emails/failed.ts', '../http/handler.js', 'not `http`'],
    ['http/handler.ts', 'stripe', 'only packages/paywright/src/stripe imports `stripe`'],
    ['create-billing.ts', 'stripe', 'only packages/paywright/src/stripe imports `stripe`'],
    ['plans.ts', './store/pg.js', 'not `store`'],
    ['settings.ts', 'node:fs', 'does not import `node:fs`'],
    ['stripe/gateway.ts', './testing/simulated-stripe.js', 'only tests use what tests are made with'],
    ['compose.ts', './testing/memory-log.js', 'only tests use what tests are made with'],
  ])('%s may not import %s', (path, specifier, message) => {
    for (const text of [`import { a } from '${specifier}'`, `export * from '${specifier}'`, `import('${specifier}')`]) {
      expect(tryRule(areaBorders, at(path), `\n${text}`)).toEqual([expect.stringContaining(message)])
    }
  })

  test("only types of Stripe's SDK reach the composition root", () => {
    expect(tryRule(areaBorders, at('create-billing.ts'), "import type Stripe from 'stripe'")).toEqual([])
    expect(tryRule(areaBorders, at('engine/cancel.ts'), "import type Stripe from 'stripe'")).toHaveLength(1)
    expect(tryRule(areaBorders, at('engine/cancel.ts'), "type S = import('stripe').Stripe")).toHaveLength(1)
  })

  test('the core of the simulator sees itself and the types of the wire', () => {
    const core = 'packages/simulator/src/core/catalogue/prices.ts'
    expect(tryRule(areaBorders, core, "import type Stripe from 'stripe'\nimport './ids.js'")).toEqual([])
    expect(tryRule(areaBorders, core, "import Stripe from 'stripe'")).toEqual([expect.stringContaining('import type')])
    expect(tryRule(areaBorders, core, "import '../../server.js'")).toEqual([expect.stringContaining('not `simulator`')])
    expect(tryRule(areaBorders, core, "import 'node:fs'")).toHaveLength(1)
  })

  test('the components know only the types of the library', () => {
    const gate = 'packages/react/src/gate.tsx'
    expect(tryRule(areaBorders, gate, "import type { BillingState } from 'paywright'\nimport 'react'")).toEqual([])
    expect(tryRule(areaBorders, gate, "import { type BillingState } from 'paywright'")).toEqual([])
    expect(tryRule(areaBorders, gate, "import { createBilling } from 'paywright'")).toHaveLength(1)
  })

  test('a test may bring both sides together', () => {
    expect(tryRule(areaBorders, at('store/pg.test.ts'), "import '../stripe/gateway.js'")).toEqual([])
  })
})

describe('independent-oracle', () => {
  test('the simulator and its tests import nothing of the library, not even types', () => {
    for (const path of ['packages/simulator/src/server.ts', 'packages/simulator/src/server.test.ts']) {
      expect(tryRule(independentOracle, path, "import type { Plan } from 'paywright'")).toEqual([
        expect.stringContaining("1: import 'paywright': the simulator imports nothing of the library"),
      ])
    }
  })

  test('others may', () => {
    expect(tryRule(independentOracle, 'apps/demo/server/app.ts', "import 'paywright'")).toEqual([])
    expect(tryRule(independentOracle, 'packages/simulator/src/server.test.ts', "import 'stripe'")).toEqual([])
  })
})

describe('public-entry-points', () => {
  test.each([
    ['apps/demo/server/app.ts', '../../../packages/paywright/src/index.js'],
    ['apps/demo/server/app.ts', 'paywright/src/engine/cancel.js'],
    ['apps/demo/server/app.ts', '@paywright/simulator/dist/server.js'],
    ['tests/e2e/story.test.ts', '../../packages/simulator/src/server.js'],
    ['packages/react/src/gate.tsx', '../../paywright/src/index.js'],
    ['examples/hono/server.ts', '../express/server.js'],
  ])('%s may not import %s', (path, specifier) => {
    expect(tryRule(publicEntryPoints, path, `import '${specifier}'`)).toEqual([
      `1: import '${specifier}': import the package by its name; what is missing there is added to its index.ts.`,
    ])
  })

  test.each([
    ['apps/demo/server/app.ts', 'paywright'],
    ['apps/demo/server/app.ts', 'paywright/testing'],
    ['apps/demo/server/app.ts', './routes/mailbox.js'],
    ['tests/e2e/story.test.ts', '../support/browser.js'],
    ['tests/e2e/story.test.ts', '../../apps/demo/server/app.js'],
    ['packages/react/src/gate.tsx', './client.js'],
  ])('%s may import %s', (path, specifier) => {
    expect(tryRule(publicEntryPoints, path, `import '${specifier}'`)).toEqual([])
  })
})
