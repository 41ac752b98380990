import type { Page } from 'playwright-core'
import { expectSeen } from './seen.js'

/** Cards of Stripe's test mode, by what they do. */
export const CARDS = {
  works: '4242424242424242',
  failsLater: '4000000000000341',
  asksTheBank: '4000002760003184',
} as const

/** Types a card into the form of whichever page is open. */
export async function typeCard(page: Page, number: string): Promise<void> {
  await page.getByLabel('Card number').fill(number)
  await page.getByLabel(/^Expiry/).fill('12 / 40')
  await page.getByLabel('CVC').fill('123')
  await page.getByLabel('Name on card').fill('Ada Lovelace')
}

export async function pay(page: Page, number: string): Promise<void> {
  await typeCard(page, number)
  await page.getByRole('button', { name: /^Pay |^Start trial|^Subscribe/ }).click()
}

/** Pays and comes back to the product. */
export async function payAndReturn(page: Page, number: string = CARDS.works): Promise<void> {
  await pay(page, number)
  await page.waitForURL(/\/projects\?billing=success/)
}

/** Answers the customer's bank, which stands between the page and the payment. */
export async function answerBank(page: Page, answer: 'Complete authentication' | 'Fail authentication'): Promise<void> {
  await page.waitForURL(/\/3ds\//)
  await page.getByRole('button', { name: answer }).click()
}

/** On the portal's page for it: puts a card in place of the one that pays. */
export async function replaceCard(page: Page, number: string): Promise<void> {
  await expectSeen(page.getByRole('heading', { name: 'Update payment method' }))
  await typeCard(page, number)
  await page.getByRole('button', { name: 'Update payment method' }).click()
}
