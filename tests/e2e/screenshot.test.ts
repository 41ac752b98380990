import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { payAndReturn } from './hosted-pages.js'
import { choosePlan, invoiceRows, open, section, signIn, travel } from './product-pages.js'
import { expectSeen } from './seen.js'
import { setStage } from './stage.js'

const stage = setStage()

/** Where the picture is put, such as docs/screenshot.png; without it the walk is only tried. */
const target = process.env['SCREENSHOT']

test('the picture of README.md can be taken: the billing page after a renewal', async () => {
  const page = await stage.visitor()
  await page.setViewportSize({ width: 1280, height: 800 })
  await signIn(page)
  await choosePlan(page)
  await payAndReturn(page)
  await open(page, 'Billing')
  await travel(page, 'To the next renewal')
  await expectSeen(invoiceRows(page).nth(1))
  await expectSeen(section(page, 'Payment method').getByText('ending in 4242'))
  const picture = await page.screenshot()
  expect(picture.subarray(1, 4).toString()).toBe('PNG')
  if (target !== undefined) writeFileSync(target, picture)
})
