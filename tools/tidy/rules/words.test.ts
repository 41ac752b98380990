import { expect, test } from 'vitest'
import { forbiddenWords } from './words.js'

// Put together here, since this file is looked at, too.
const words = (...parts: readonly string[]): string => parts.join('')

test.each([
  words('The subscription was cancel', 'led.'),
  words('Cancel', 'ling it.'),
  words('"resolved": "https://registry', '.npmjs.org/a/-/a-1.0.0.tgz"'),
  words('npm', '.mirr', 'or.example.com'),
  words("const data = '/ho", "me/ada/paywright'"),
  words('see file:///ro', 'ot/notes.md'),
  words('`/tm', 'p/data.json`'),
])('`%s` is found', (text) => {
  expect(forbiddenWords('README.md', `\n\n${text}`)).toEqual([
    expect.objectContaining({ file: 'README.md', line: 3, rule: 'words' }),
  ])
})

test.each([
  'canceled, canceling, cancellation',
  'https://github.com/user/home/x and https://docs.example.com/root/x',
  'this.registry.handlers.net',
  './work/x ../tmp/x ~/tmp/x ${base}/work/x',
  'POST /api/billing/work',
  '/usr/bin/chromium',
])('`%s` passes', (text) => expect(forbiddenWords('README.md', text)).toEqual([]))
