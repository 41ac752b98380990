import { expect, test } from 'vitest'
import { checkRepository } from './check.js'
import { formatFindings } from './finding.js'

test('every kind of rule speaks, in one text that names file, line and what to do', () => {
  const texts = new Map([
    ['packages/a/package.json', '{ "exports": { ".": { "types": "./dist/index.d.ts" } } }'],
    ['packages/a/src/index.ts', "export * from './row.js'\nexport const log = 1 as any"],
    ['packages/a/src/row.ts', "import './index.js'\n\nexport interface Row {}"],
    ['packages/a/src/table.generated.ts', 'export const table = 1 as any'],
    ['README.md', 'See [it](gone.md).\nIt was cancel\u006Ced.'],
  ])
  const findings = checkRepository({ texts, exists: (path) => texts.has(path) })
  expect(formatFindings(findings).replaceAll(/\] .*/g, ']')).toBe(
    [
      'packages/a/src/index.ts:1 [no-cycles]',
      'packages/a/src/index.ts:2 [casts]',
      'packages/a/src/index.ts:2 [tsdoc]',
      'packages/a/src/row.ts:3 [tsdoc]',
      'README.md:1 [docs]',
      'README.md:2 [words]',
    ].join('\n'),
  )
})
