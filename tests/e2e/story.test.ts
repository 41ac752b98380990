import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { CARDS, payAndReturn, replaceCard } from './hosted-pages.js'
import {
  addProject,
  banner,
  choosePlan,
  exportProjects,
  invoiceRows,
  open,
  section,
  signIn,
  travel,
} from './product-pages.js'
import { expectGone, expectSeen } from './seen.js'
import { setStage } from './stage.js'

const stage = setStage()

test('a customer subscribes, is renewed, fails to pay, recovers, cancels and is on the free plan again', async () => {
  const page = await stage.visitor()
  await signIn(page)
  await findTheGateClosed(page)
  await subscribe(page)
  await findTheGateOpen(page)
  await beRenewed(page)
  await swapToTheCardThatFails(page)
  await failToPay(page)
  await readTheMail(page)
  await updateTheCardAndPay(page)
  await cancel(page)
  await runOut(page)
})

async function findTheGateClosed(page: Page): Promise<void> {
  await open(page, 'Projects')
  await expectSeen(page.getByText('Export is part of Pro.'))
  for (const name of ['Moss', 'Lichen', 'Fern']) {
    await addProject(page, name)
    await expectSeen(page.getByRole('button', { name: `Remove ${name}` }))
  }
  await addProject(page, 'One too many')
  await expectSeen(page.getByRole('alert').getByText('Your plan has room for 3 projects.'))
}

async function subscribe(page: Page): Promise<void> {
  await open(page, 'Pricing')
  await choosePlan(page)
  await payAndReturn(page)
  await expectSeen(page.getByText('You are on Pro now'))
}

async function findTheGateOpen(page: Page): Promise<void> {
  expect(await exportProjects(page)).toMatch(/^id,name\r\n.+,"Moss"\r\n.+,"Lichen"\r\n.+,"Fern"$/)
  await addProject(page, 'Room for more')
  await expectSeen(page.getByRole('button', { name: 'Remove Room for more' }))
}

async function beRenewed(page: Page): Promise<void> {
  await open(page, 'Billing')
  await expectSeen(section(page, 'Plan').getByText('Active'))
  await expectSeen(section(page, 'Payment method').getByText('ending in 4242'))
  await expect.poll(() => invoiceRows(page).count()).toBe(1)
  await travel(page, 'To the next renewal')
  await expect.poll(() => invoiceRows(page).count()).toBe(2)
  await expect.poll(() => invoiceRows(page).getByText('Paid').count()).toBe(2)
}

async function swapToTheCardThatFails(page: Page): Promise<void> {
  await section(page, 'Payment method').getByRole('button', { name: 'Update card' }).click()
  await replaceCard(page, CARDS.failsLater)
  await page.waitForURL(/\/billing/)
  await expectSeen(section(page, 'Payment method').getByText('ending in 0341'))
}

async function failToPay(page: Page): Promise<void> {
  await travel(page, 'To the next renewal')
  await expectSeen(banner(page).getByText('Your payment of $20.00 did not go through.'))
  await expectSeen(section(page, 'Plan').getByText('Payment failed'))
  expect(await banner(page).textContent()).toMatch(/We try again on \w+ \d+, \d{4}\./)
}

async function readTheMail(page: Page): Promise<void> {
  await open(page, 'Mailbox')
  await expectSeen(page.getByRole('heading', { name: 'Your payment of $20.00 to Fieldnotes failed' }))
  await page.getByRole('button', { name: 'Read' }).click()
  const letter = page.frameLocator('iframe')
  await expectSeen(letter.getByText('We will try again on'))
  const link = letter.getByRole('link', { name: 'Pay or update payment method' })
  expect(await link.getAttribute('href')).toBe(`${stage.product().origin}/billing`)
}

async function updateTheCardAndPay(page: Page): Promise<void> {
  await banner(page).getByRole('button', { name: 'Update card' }).click()
  await replaceCard(page, CARDS.works)
  await page.waitForURL(/\/billing/)
  await banner(page).getByRole('link', { name: 'Pay now' }).click()
  await page.getByRole('button', { name: 'Pay $20.00' }).click()
  await expectSeen(page.getByText('Paid', { exact: true }).first())
  await page.goto(`${stage.product().origin}/billing`)
  await expectSeen(section(page, 'Plan').getByText('Active'))
  await expectGone(banner(page))
  await expect.poll(() => invoiceRows(page).getByText('Paid').count()).toBe(3)
}

async function cancel(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Manage billing' }).click()
  await page.getByRole('link', { name: 'Cancel subscription' }).click()
  await page.getByRole('button', { name: 'Cancel subscription' }).click()
  await expectSeen(page.getByText('Your subscription was canceled.'))
  await page.getByRole('link', { name: '← Back to Fieldnotes' }).click()
  await expectSeen(section(page, 'Plan').getByText('Ends', { exact: true }))
  await open(page, 'Projects')
  expect(await exportProjects(page)).toContain('Moss')
}

async function runOut(page: Page): Promise<void> {
  await travel(page, 'To the next renewal')
  await expectSeen(page.getByText('Export is part of Pro.'))
  await open(page, 'Billing')
  await expectSeen(section(page, 'Plan').getByRole('heading', { name: 'Free' }))
  await expectSeen(section(page, 'Plan').getByText('None'))
}
