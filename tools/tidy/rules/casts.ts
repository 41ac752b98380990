import type { Rule } from '../rule.js'
import { isGenerated, nodesOf } from '../source.js'

/** The compiler's word is not silenced. */
export const casts: Rule = {
  name: 'casts',
  appliesTo: (path) => !isGenerated(path),
  check(source) {
    const anys = nodesOf(source, 'TSAnyKeyword').map(({ start }) => ({
      offset: start,
      message: 'No `any`: use `unknown` and look at the value, or name its type.',
    }))
    const nonNulls = nodesOf(source, 'TSNonNullExpression').map(({ end }) => ({
      offset: end,
      message: 'No non-null `!`: test for the missing value, and say in an error what it would mean.',
    }))
    const doubles = nodesOf(source, 'TSAsExpression', 'TSTypeAssertion').flatMap(({ expression, end }) => {
      if (expression.type !== 'TSAsExpression' || expression.typeAnnotation.type !== 'TSUnknownKeyword') return []
      const message =
        'No double cast: check the value at run time, or cast once in a named helper with its guarantee written above.'
      return [{ offset: end, message }]
    })
    return [...anys, ...nonNulls, ...doubles]
  },
}
