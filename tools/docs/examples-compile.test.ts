import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readRepository } from '../tidy/repository.js'
import { complaintsAbout } from './compile.js'
import { examplesOfPage, examplesOfSource, type Example } from './examples.js'

const { texts } = readRepository(fileURLToPath(new URL('../..', import.meta.url)))

const PAGES = /^(README\.md|packages\/[^/]+\/README\.md|docs\/.+\.md)$/
/** What is exported, and what it is made of. */
const SOURCES = /^packages\/[^/]+\/src\/(?!.*\.test\.).+\.tsx?$/

const examples = [...texts].flatMap(([path, text]): readonly Example[] => {
  if (PAGES.test(path)) return examplesOfPage(path, text)
  return SOURCES.test(path) ? examplesOfSource(path, text) : []
})

describe('what pages and comments show', () => {
  test('compiles as written', { timeout: 60_000 }, async () => {
    expect(await complaintsAbout(examples)).toEqual([])
  })

  test.each(['README.md', 'packages/paywright/README.md', 'packages/react/README.md', 'packages/simulator/README.md'])(
    '%s has examples',
    (page) => expect(examples.filter((example) => example.page === page)).not.toHaveLength(0),
  )

  test('is found in comments of every package', () => {
    const packages = new Set(examples.map(({ page }) => /^packages\/(\w+)\/src\//.exec(page)?.[1] ?? 'pages'))
    expect([...packages].toSorted()).toEqual(['pages', 'paywright', 'react', 'simulator'])
  })
})

describe('a wrong example', () => {
  const readme = examples.filter(({ page }) => page === 'README.md')

  test('is named with its page and line', { timeout: 60_000 }, async () => {
    const wrong = ["import { billing } from './billing.js'", '', "(await billing.access('user_1')).has('exprot')"]
    const example: Example = { page: 'README.md', line: 1000, language: 'ts', code: wrong.join('\n') }
    const complaints = await complaintsAbout([...readme, example])
    expect(complaints).toHaveLength(1)
    expect(complaints[0]).toMatch(/^README\.md:1002 error TS2345: .*"exprot"/)
  })
})

describe('examples', () => {
  test('of a page are its blocks of TypeScript', () => {
    const text = ['# Title', '```sh', 'npm ci', '```', '1. Item', '   ```ts', '   a()', '     b()', '   ```', ''].join(
      '\n',
    )
    expect(examplesOfPage('a.md', text)).toEqual([{ page: 'a.md', line: 7, language: 'ts', code: 'a()\n  b()\n' }])
  })

  test('of a comment end with it or at the next tag', () => {
    const text = [
      'const x = 1',
      '/**',
      ' * Adds.',
      ' *',
      ' * @example',
      ' * add(1, 2)',
      ' *',
      ' * @throws never',
      ' */',
    ]
    expect(examplesOfSource('a.ts', text.join('\n'))).toEqual([
      { page: 'a.ts', line: 6, language: 'ts', code: 'add(1, 2)\n\n' },
    ])
  })

  test('of a comment may be fenced, and stand at a member', () => {
    const text = [
      'interface A {',
      '  /**',
      '   * @example',
      '   * ```tsx',
      '   * <A />',
      '   * ```',
      '   */',
      '  a(): void',
    ]
    expect(examplesOfSource('a.ts', text.join('\n'))).toEqual([
      { page: 'a.ts', line: 5, language: 'tsx', code: '<A />\n' },
    ])
  })
})
