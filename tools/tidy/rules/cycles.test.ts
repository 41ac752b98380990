import { expect, test } from 'vitest'
import { parseSource } from '../source.js'
import { circularImports } from './cycles.js'

function check(files: Readonly<Record<string, string>>) {
  return circularImports(new Map(Object.entries(files).map(([path, text]) => [path, parseSource(path, text)])))
}

test('a circle is told from file to file, at the import that enters it', () => {
  const findings = check({
    'src/a.ts': "\nimport { b } from './b.js'",
    'src/b.ts': "export { c } from './deep/c.jsx'",
    'src/deep/c.tsx': "const a = import('../a.js')",
    'src/d.ts': "import './a.js'",
  })
  expect(findings).toEqual([
    {
      file: 'src/a.ts',
      line: 2,
      rule: 'no-cycles',
      message:
        'src/a.ts -> src/b.ts -> src/deep/c.tsx -> src/a.ts: move what they share into a file that imports neither.',
    },
  ])
})

test('types go in circles, too', () => {
  expect(check({ 'a.ts': "import type { B } from './b.js'", 'b.ts': "import './a.js'" })).toHaveLength(1)
})

test('two ways to one file are no circle', () => {
  const files = { 'a.ts': "import './b.js'\nimport './c.js'", 'b.ts': "import './c.js'", 'c.ts': "import 'a'" }
  expect(check(files)).toEqual([])
})
