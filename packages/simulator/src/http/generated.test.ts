import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import Stripe from 'stripe'
import { expect, test } from 'vitest'
import { API_VERSION } from '../api-version.js'

test('the committed tables are what the installed stripe package says', () => {
  const tool = fileURLToPath(new URL('../../tools/derive-parameters.mjs', import.meta.url))
  expect(() => execFileSync(process.execPath, [tool, '--check'], { stdio: 'pipe' })).not.toThrow()
})

test('the simulator speaks the version of the installed stripe package', () => {
  expect(API_VERSION).toBe(Stripe.API_VERSION)
})
