import { expect, test } from 'vitest'
import { tryRule } from '../rule.js'
import { noBanners } from './comments.js'

const path = 'packages/paywright/src/engine/ports.ts'

test.each(['// ── Store ──────', '// ======== Store', '/* ------ */', '/***** Store *****/'])(
  '`%s` is a banner',
  (text) => {
    expect(tryRule(noBanners, path, text)).toEqual([expect.stringContaining('1: No banner comments')])
  },
)

test.each(['// Why: the table - like this - is old.', '/** One sentence. */', '// a --flag', "const x = '======'"])(
  '`%s` passes',
  (text) => expect(tryRule(noBanners, path, text)).toEqual([]),
)
