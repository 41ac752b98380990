import { createSimulator, type Simulator } from '@paywright/simulator'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, test } from 'vitest'
import { openBrowser } from './browser.js'
import { expectGoodLooks } from './look.js'

const LONG_MILLISECONDS = 240_000

let simulator: Simulator
let browser: Browser
let page: Page

beforeAll(async () => {
  simulator = await createSimulator({
    now: 1_800_000_000,
    deliveryMode: 'manual',
    webhooks: [{ url: 'http://127.0.0.1:9/hook', secret: 'whsec_console' }],
  })
  browser = await openBrowser()
  page = await browser.newPage()
})

afterAll(async () => {
  await browser.close()
  await simulator.close()
})

async function look(path: string, name: string): Promise<void> {
  await page.goto(`${simulator.url}${path}`)
  await expectGoodLooks(page, `console-${name}`)
}

test('the console looks right while it is empty', { timeout: LONG_MILLISECONDS }, async () => {
  await look('/', 'overview-empty')
  for (const section of ['customers', 'subscriptions', 'invoices', 'events', 'requests', 'clocks']) {
    await look(`/console/${section}`, `${section}-empty`)
  }
})

test('the console looks right with something in it', { timeout: LONG_MILLISECONDS }, async () => {
  const made = simulator.seed('subscribers')
  await simulator.clock.advance(32 * 86_400)
  await simulator.deliveries.drain()
  const headers = { authorization: `Bearer ${simulator.secretKey}` }
  await fetch(`${simulator.url}/v1/customers/cus_none?expand[]=subscriptions`, { headers })
  await look('/', 'overview')
  for (const section of ['customers', 'subscriptions', 'invoices', 'events', 'requests', 'clocks']) {
    await look(`/console/${section}`, section)
    await page.getByRole('main').getByRole('row').nth(1).getByRole('link').first().click()
    await expectGoodLooks(page, `console-${section}-one`)
  }
  await look(`/console/subscriptions/${made['past_due']}`, 'subscription-past-due')
  await look('/console/find?id=nothing', 'not-there')
})
