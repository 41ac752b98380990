import { expect, test } from 'vitest'
import { resolveReturn } from './return-url.js'

const origins = { origin: 'https://app.example', allowed: ['https://admin.example'] }

test.each([
  ['/', 'https://app.example/'],
  ['/billing?tab=1#card', 'https://app.example/billing?tab=1#card'],
  ['https://app.example/x', 'https://app.example/x'],
  ['https://admin.example/x', 'https://admin.example/x'],
  ['/a/../b', 'https://app.example/b'],
])('%s leads to %s', (path, url) => {
  expect(resolveReturn(path, origins)).toBe(url)
})

test.each([
  '',
  'billing',
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  '\\\\evil.example',
  'https://evil.example',
  'https:evil.example',
  'http://app.example/',
  'https://app.example:8443/',
  'https://app.example.evil.example/',
  'https://app.example@evil.example/',
  'https://user:pass@app.example/',
  'javascript:alert(1)',
  'data:text/html,x',
  'https://',
])('%j leads nowhere', (path) => {
  expect(resolveReturn(path, origins)).toBeNull()
})
