import { expect, test } from 'vitest'
import { findPackingMistakes } from './packing.js'

const whole = ['LICENSE', 'README.md', 'package.json', 'dist/index.js', 'dist/index.d.ts']
const pack = (paths: readonly string[]) =>
  findPackingMistakes({ filename: 'a.tgz', files: paths.map((path) => ({ path })) })

test('a whole tarball passes', () =>
  expect(pack([...whole, 'dist/engine/cancel.js', 'dist/testing/index.js'])).toEqual([]))

test.each(whole)('a tarball without %s does not', (missing) => {
  expect(pack(whole.filter((path) => path !== missing))).toEqual([`${missing} is missing: write or build it.`])
})

test.each(['dist/index.test.js', 'dist/.tsbuildinfo', 'dist/stripe/testing/a.js'])(
  'a tarball with %s does not',
  (path) => {
    expect(pack([...whole, path])).toEqual([`${path} is packed: exclude it in "files" of package.json.`])
  },
)
