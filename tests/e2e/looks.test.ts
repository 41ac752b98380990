import type { Page } from 'playwright-core'
import { test } from 'vitest'
import { answerBank, CARDS, pay, payAndReturn, replaceCard, typeCard } from './hosted-pages.js'
import { expectGoodLooks } from './look.js'
import { addProject, banner, choosePlan, invoiceRows, open, section, signIn, travel } from './product-pages.js'
import { expectSeen } from './seen.js'
import { setStage } from './stage.js'

const stage = setStage()

/** Every look takes a second or two, and there are many. */
const LONG_MILLISECONDS = 120_000

test('every page looks right to those who come and subscribe', { timeout: LONG_MILLISECONDS }, async () => {
  const page = await stage.visitor()
  await lookBeforeSigningIn(page)
  await signIn(page)
  await lookBeforePaying(page)
  await choosePlan(page)
  await lookAtCheckout(page)
  await payAndReturn(page)
  await lookAfterPaying(page)
  await lookAtPortal(page)
})

async function lookBeforeSigningIn(page: Page): Promise<void> {
  await expectSeen(page.getByRole('heading', { name: 'Team' }))
  await expectGoodLooks(page, 'pricing-signed-out')
  await page.goto(`${stage.product().origin}/nowhere`)
  await expectGoodLooks(page, 'not-found')
  await page.goto(`${stage.product().origin}/sign-in`)
  await page.getByRole('button', { name: 'Continue' }).click()
  await expectSeen(page.getByRole('alert'))
  await expectGoodLooks(page, 'sign-in-refused')
}

async function lookBeforePaying(page: Page): Promise<void> {
  await expectSeen(page.getByRole('button', { name: 'Choose Pro' }))
  await expectGoodLooks(page, 'pricing')
  await open(page, 'Projects')
  await expectSeen(page.getByText('No projects yet'))
  await expectGoodLooks(page, 'projects-empty')
  await open(page, 'Billing')
  await expectSeen(page.getByText('No invoices yet'))
  await expectGoodLooks(page, 'billing-free')
  await open(page, 'Mailbox')
  await expectSeen(page.getByText('No mail yet'))
  await expectGoodLooks(page, 'mailbox-empty')
  await open(page, 'Pricing')
}

async function lookAtCheckout(page: Page): Promise<void> {
  await expectGoodLooks(page, 'checkout')
  await typeCard(page, CARDS.works)
  await expectGoodLooks(page, 'checkout-filled')
  await pay(page, '4000000000000002')
  await expectSeen(page.getByRole('alert'))
  await expectGoodLooks(page, 'checkout-declined')
  await pay(page, CARDS.asksTheBank)
  await page.waitForURL(/\/3ds\//)
  await expectGoodLooks(page, 'bank')
  await answerBank(page, 'Fail authentication')
  await page.waitForURL(/\/c\/pay\//)
}

async function lookAfterPaying(page: Page): Promise<void> {
  await addProject(page, 'Moss')
  await expectSeen(page.getByRole('button', { name: 'Remove Moss' }))
  await expectGoodLooks(page, 'projects')
  await open(page, 'Pricing')
  await expectSeen(page.getByText('Your plan'))
  await expectGoodLooks(page, 'pricing-pro')
  await open(page, 'Events')
  await expectSeen(page.getByText('checkout.session.completed'))
  await expectGoodLooks(page, 'events')
  await open(page, 'Billing')
  await invoiceRows(page).first().waitFor()
  await expectGoodLooks(page, 'billing-pro')
}

async function lookAtPortal(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Manage billing' }).click()
  await page.waitForURL(/\/p\/session\//)
  await expectGoodLooks(page, 'portal')
  await page.getByRole('link', { name: 'Change plan' }).click()
  await expectGoodLooks(page, 'portal-change')
  await page.getByRole('radio', { name: /Team.*month/s }).check()
  await page.getByRole('button', { name: 'Continue' }).click()
  await expectSeen(page.getByRole('heading', { name: 'Confirm your change' }))
  await expectGoodLooks(page, 'portal-confirm')
  await page.getByRole('link', { name: '← Billing' }).click()
  await page.getByRole('link', { name: 'Cancel subscription' }).click()
  await expectGoodLooks(page, 'portal-cancel')
  await page.getByRole('link', { name: '← Billing' }).click()
  await page.getByRole('link', { name: 'Update payment method' }).click()
  await expectGoodLooks(page, 'portal-card')
  await page.goto(stage.product().simulator)
  await expectGoodLooks(page, 'console')
}

test('every page looks right to those who fail to pay and leave', { timeout: LONG_MILLISECONDS }, async () => {
  const page = await stage.visitor()
  await signIn(page)
  await choosePlan(page)
  await payAndReturn(page)
  await open(page, 'Billing')
  await section(page, 'Payment method').getByRole('button', { name: 'Update card' }).click()
  await replaceCard(page, CARDS.failsLater)
  await expectSeen(page.getByText('ending in 0341'))
  await travel(page, 'To the next renewal')
  await lookWhilePastDue(page)
  await lookAtInvoice(page)
  await lookWhileCanceling(page)
})

async function lookWhilePastDue(page: Page): Promise<void> {
  await expectSeen(banner(page))
  await expectGoodLooks(page, 'billing-past-due')
  await page.getByRole('button', { name: 'Manage billing' }).click()
  await page.waitForURL(/\/p\/session\//)
  await expectGoodLooks(page, 'portal-past-due')
  await page.getByRole('link', { name: '← Back to Fieldnotes' }).click()
  await open(page, 'Mailbox')
  await page.getByRole('button', { name: 'Read' }).click()
  await expectSeen(page.frameLocator('iframe').getByText('We will try again on'))
  await expectGoodLooks(page, 'mailbox')
}

async function lookAtInvoice(page: Page): Promise<void> {
  await banner(page).getByRole('link', { name: 'Pay now' }).click()
  await expectSeen(page.getByRole('heading', { name: 'Pay this invoice' }))
  await expectGoodLooks(page, 'invoice-open')
  await page.getByRole('radio', { name: /Another card/ }).check()
  await pay(page, CARDS.works)
  await expectSeen(page.getByText('Paid', { exact: true }).first())
  await expectGoodLooks(page, 'invoice-paid')
}

async function lookWhileCanceling(page: Page): Promise<void> {
  await page.goto(`${stage.product().origin}/billing`)
  await page.getByRole('button', { name: 'Cancel at period end' }).click()
  await expectSeen(page.getByRole('dialog'))
  await expectGoodLooks(page, 'billing-cancel')
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel at period end' }).click()
  await expectSeen(page.getByRole('button', { name: 'Keep Pro' }))
  await expectGoodLooks(page, 'billing-canceling')
}
