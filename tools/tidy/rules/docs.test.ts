import { expect, test } from 'vitest'
import { missingFiles } from './docs.js'

const there = new Set(['docs', 'docs/guide.md', 'docs/decisions', 'packages', 'packages/paywright', 'README.md', '.ci'])
const check = (text: string, path = 'docs/guide.md') =>
  missingFiles(path, text, (file) => there.has(file)).map(({ line, message }) => `${line}: ${message}`)

test.each([
  ['See [the guide](./gone.md).', 'docs/gone.md'],
  ['See [the guide](../gone.md#part).', 'gone.md'],
  ['See ![a picture](images/a.png).', 'docs/images/a.png'],
  ['It is in `packages/gone/src`.', 'packages/gone/src'],
  ['It is in `.ci/run`.', '.ci/run'],
])('%s', (text, missing) => {
  expect(check(`\n${text}`)).toEqual([
    `2: ${missing} is not there: name the file where it is now, or take the sentence out.`,
  ])
})

test.each([
  '[read me](../README.md#install) and [here](#part) and [decisions](decisions)',
  '[the web](https://example.com/gone.md) and [mail](mailto:a@example.com)',
  '`packages/paywright` and `docs/decisions/` are there',
  '`packages/*/src`, `docs/decisions/NNN-title.md`, `packages/<name>/src` stand for several',
  '`application/json`, `@paywright/simulator`, `src/index.ts` begin with no folder of ours',
  '```sh\ncat `packages/gone`\n```',
])('%s passes', (text) => expect(check(text)).toEqual([]))
