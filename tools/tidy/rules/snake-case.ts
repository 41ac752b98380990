import type { Node } from 'oxc-parser'
import type { Rule } from '../rule.js'
import { isTest, isTestSupport, nodesOf } from '../source.js'

const SNAKE_CASE = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)+$/

/** Stripe's field names stay behind one border, so that its shapes cannot spread. */
export const snakeCase: Rule = {
  name: 'snake-case',
  // The checker of the tests reads Stripe with eyes of its own, so that a mapping that is wrong is seen.
  appliesTo: (path) =>
    path.startsWith('packages/paywright/src/') &&
    !path.startsWith('packages/paywright/src/stripe/') &&
    !isTest(path) &&
    !isTestSupport(path),
  check(source) {
    const members = nodesOf(source, 'MemberExpression').flatMap(({ property, computed }) =>
      computed ? [] : [property],
    )
    const destructured = nodesOf(source, 'ObjectPattern').flatMap(({ properties }) =>
      properties.flatMap((property) => (property.type === 'Property' ? [property.key] : [])),
    )
    return [...members, ...destructured].filter(isSnakeCase).map(({ start, end }) => ({
      offset: start,
      message:
        `\`${source.text.slice(start, end)}\` is a name of Stripe's wire or of a column: ` +
        'map it in packages/paywright/src/stripe, or name the column in SQL (`select x as "camelCase"`).',
    }))
  },
}

const isSnakeCase = (key: Node): boolean => key.type === 'Identifier' && SNAKE_CASE.test(key.name)
