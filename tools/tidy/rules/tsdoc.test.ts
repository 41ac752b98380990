import { expect, test } from 'vitest'
import { parseSource } from '../source.js'
import { missingTsdoc } from './tsdoc.js'

function check(files: Readonly<Record<string, string>>): readonly string[] {
  const sources = new Map(Object.entries(files).map(([path, text]) => [path, parseSource(path, text)]))
  return missingTsdoc(sources, 'src/index.ts').map(
    ({ file, line, message }) => `${file}:${line} ${message.split(':')[0]}`,
  )
}

test('an undocumented declaration is found through re-exports, under its public name', () => {
  const findings = check({
    'src/index.ts': "export { inner as Outer, type Row } from './a.js'\nexport * from './b.js'",
    'src/a.ts': "import { far } from './c.js'\nexport { far as inner }\n\nexport interface Row {}",
    'src/b.ts': '/** Documented. */\nexport type Good = 1\n\nexport type Bad = 2',
    'src/c.ts': '\nconst far = 1\nexport { far }',
  })
  expect(findings).toEqual(['src/c.ts:2 `Outer` is public', 'src/a.ts:4 `Row` is public', 'src/b.ts:4 `Bad` is public'])
})

test.each([
  ['a function', '/** Adds. */\nexport function add() {}'],
  ['an arrow', '/** Adds. */\nexport const add = () => 1'],
])('%s needs an example', (_name, text) => {
  expect(check({ 'src/index.ts': text })).toEqual(['src/index.ts:2 `add` is a public function'])
})

test.each([
  ['a function with an example', '/** Adds.\n * @example add() */\nexport function add() {}'],
  ['an interface with a sentence', '/** A row. */\nexport interface Row {}'],
  ['a constant with a sentence', '/** A limit. */\nexport const limit = 1'],
  ['what another package declares', "export { z } from 'zod'"],
  ['what is not exported', 'function add() {}'],
])('%s passes', (_name, text) => expect(check({ 'src/index.ts': text })).toEqual([]))

test.each([
  ['a plain comment', '// A row.\nexport interface Row {}'],
  ['a comment of something else', '/** Another. */\nconst a = 1\nexport interface Row {}'],
])('%s is no documentation', (_name, text) => expect(check({ 'src/index.ts': text })).toHaveLength(1))
