import { describe, expect, test } from 'vitest'
import { tryRule } from '../rule.js'
import { fileLength, functionLength, parameterCount } from './size.js'

const path = 'packages/paywright/src/engine/cancel.ts'
const lines = (count: number): string => 'work()\n'.repeat(count)

describe('file-length', () => {
  test('400 lines pass', () => expect(tryRule(fileLength, path, lines(400))).toEqual([]))

  test('401 lines are one idea too many', () => {
    expect(tryRule(fileLength, path, lines(401))).toEqual([
      '401: 401 lines, at most 400: move one of its ideas into a file of its own.',
    ])
  })

  test('generated files obey their generator', () => {
    expect(tryRule(fileLength, 'packages/simulator/src/http/parameters.generated.ts', lines(401))).toEqual([])
  })
})

describe('function-length', () => {
  const declared = (count: number): string => `\nfunction long() {\n${lines(count - 2)}}\n`

  test('70 lines pass', () => expect(tryRule(functionLength, path, declared(70))).toEqual([]))

  test.each([
    ['a function', declared(71)],
    ['an arrow', `\nconst long = () => {\n${lines(69)}}\n`],
    ['a method', `class A {\n  long() {\n${lines(69)}}\n}\n`],
  ])('71 lines of %s do not fit a screen', (_name, text) => {
    expect(tryRule(functionLength, path, text)).toEqual([
      '2: 71 lines, at most 70: let the parent branch, and move what computes into functions of their own.',
    ])
  })

  test('a describe block is a heading, a long test is not', () => {
    const suite = (name: string): string => `${name}('it', () => {\n${lines(100)}})\n`
    expect(tryRule(functionLength, 'packages/paywright/src/a.test.ts', suite('describe'))).toEqual([])
    expect(tryRule(functionLength, 'packages/paywright/src/a.test.ts', suite('describe.each(rows)'))).toEqual([])
    expect(tryRule(functionLength, 'packages/paywright/src/a.test.ts', suite('test'))).toHaveLength(1)
    expect(tryRule(functionLength, path, suite('describe'))).toHaveLength(1)
  })
})

describe('parameter-count', () => {
  test.each([
    ['a function', 'function f(a, b, c) {}'],
    ['a function with `this`', 'function f(this: Date, a: 1, b: 2, c: 3) {}'],
    ['an arrow', 'const f = (a, b, c) => a'],
  ])('%s of three passes', (_name, text) => expect(tryRule(parameterCount, path, text)).toEqual([]))

  test.each([
    ['a function', 'function f(a, b, c, d) {}'],
    ['an arrow', 'const f = (a, b, c, ...d) => a'],
    ['a method', 'class A { f(a, b, c, d) {} }'],
    ['a method of an interface', 'interface A { f(a: 1, b: 2, c: 3, d: 4): void }'],
  ])('%s of four does not', (_name, text) => {
    expect(tryRule(parameterCount, path, text)).toEqual([
      '1: 4 parameters, at most 3: take one options object with named fields.',
    ])
  })

  test('a row of test.each has as many columns as its table', () => {
    const text = "test.each(rows)('%s', (a, b, c, d) => expect(a + b + c).toBe(d))"
    expect(tryRule(parameterCount, 'packages/paywright/src/a.test.ts', text)).toEqual([])
    expect(tryRule(parameterCount, path, text)).toHaveLength(1)
  })
})
