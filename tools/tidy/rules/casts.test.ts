import { expect, test } from 'vitest'
import { tryRule } from '../rule.js'
import { casts } from './casts.js'

const path = 'packages/paywright/src/engine/cancel.ts'

test.each([
  ['any', 'let x: any', 'No `any`'],
  ['any in a type', 'type X = Map<string, any[]>', 'No `any`'],
  ['as any', 'f(x as any)', 'No `any`'],
  ['non-null', 'row!.id', 'No non-null `!`'],
  ['a double cast', 'f(x as unknown as Row)', 'No double cast'],
  ['a double cast in parentheses', 'f((x as unknown) as Row)', 'No double cast'],
])('%s is found', (_name, text, message) => {
  expect(tryRule(casts, path, text)).toEqual([expect.stringContaining(`1: ${message}`)])
})

test.each(['f(x as Row)', 'const a = [1] as const', 'f(x as unknown)', 'if (!row) f(a !== b)', '// any!'])(
  '`%s` passes',
  (text) => expect(tryRule(casts, path, text)).toEqual([]),
)
