import type { Locator, Page } from 'playwright-core'
import { expectSeen } from './seen.js'

let visitors = 0

/** Signs somebody in whom nobody signed in before, and answers their address. */
export async function signIn(page: Page): Promise<string> {
  const email = `visitor-${++visitors}@customer.example`
  await page.getByRole('link', { name: 'Sign in', exact: true }).click()
  await page.getByLabel('E-mail').fill(email)
  await page.getByRole('button', { name: 'Continue' }).click()
  await expectSeen(page.getByRole('button', { name: 'Sign out' }))
  return email
}

export type PageName = 'Pricing' | 'Projects' | 'Billing' | 'Mailbox' | 'Events'

/** Goes to a page by the menu. */
export async function open(page: Page, name: PageName): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click()
}

export function planButton(page: Page, plan: 'Pro' | 'Team' = 'Pro'): Locator {
  return page.getByRole('button', { name: plan === 'Pro' ? 'Choose Pro' : 'Start 14-day trial' })
}

/** Chooses a plan on the pricing page and waits for the page where it is paid. */
export async function choosePlan(page: Page, plan: 'Pro' | 'Team' = 'Pro'): Promise<void> {
  await planButton(page, plan).click()
  await page.waitForURL(/\/c\/pay\//)
}

export type Journey = 'A day' | 'To the next renewal' | 'A month'

/** Lets time pass and waits until the product has seen all that happened on the way. */
export async function travel(page: Page, journey: Journey): Promise<void> {
  const arrived = page.waitForResponse((response) => isJourney(response.url(), response.request().method()))
  await page.getByRole('button', { name: journey, exact: true }).click()
  await (await arrived).finished()
}

function isJourney(url: string, method: string): boolean {
  return method === 'POST' && new URL(url).pathname === '/api/clock'
}

/** The card of the billing page with this heading over it. */
export function section(page: Page, name: 'Plan' | 'Payment method' | 'Invoices'): Locator {
  return page.getByRole('region', { name, exact: true })
}

export const invoiceRows = (page: Page): Locator => section(page, 'Invoices').locator('tbody tr')

export const banner = (page: Page): Locator => page.getByRole('alert', { name: 'Payment failed' })

/** Takes what the paid plan allows: the projects as a file. */
export async function exportProjects(page: Page): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export to CSV' }).click(),
  ])
  const chunks: Buffer[] = []
  for await (const chunk of await download.createReadStream()) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}

export async function addProject(page: Page, name: string): Promise<void> {
  await page.getByLabel('New project').fill(name)
  await page.getByRole('button', { name: 'Add project' }).click()
}
