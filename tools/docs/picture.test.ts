import { expect, test } from 'vitest'
import { arrowsIn, layoutIn, reachable } from './picture.js'

const page = `# Page

\`\`\`mermaid
flowchart TB
  a[first<br/>one]
  a --> b
  b --> c
  a -.-> d
\`\`\`

## The layout

\`\`\`text
packages/
  one/        npm: one
    src/
      index.ts the surface
  two/        npm: two
tools/
\`\`\`
`

test('a layout is read as paths', () => {
  expect(layoutIn(page)).toEqual([
    'packages',
    'packages/one',
    'packages/one/src',
    'packages/one/src/index.ts',
    'packages/two',
    'tools',
  ])
})

test('whole arrows are imports, dotted ones are not', () => {
  expect(arrowsIn(page)).toEqual(['a --> b', 'b --> c'])
})

test('what lies behind an arrow can be reached', () => {
  expect([...reachable(arrowsIn(page))]).toEqual(['a --> b', 'a --> c', 'b --> c'])
})
