import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { answerBank, CARDS, pay, payAndReturn, typeCard } from './hosted-pages.js'
import { pressOn, typeInto } from './keyboard.js'
import { choosePlan, exportProjects, open, planButton, section, signIn } from './product-pages.js'
import { expectSeen } from './seen.js'
import { setStage } from './stage.js'
import { stripeOf } from './truth.js'

const stage = setStage()

/** How many subscriptions Stripe has for this address, whatever their status. */
async function subscriptionsOf(email: string): Promise<number> {
  const stripe = stripeOf(stage.product().simulator)
  const { data: customers } = await stripe.customers.list({ email })
  const lists = customers.map(({ id }) => stripe.subscriptions.list({ customer: id, status: 'all' }))
  return (await Promise.all(lists)).flatMap(({ data }) => data).length
}

async function atCheckout(): Promise<{ page: Page; email: string }> {
  const page = await stage.visitor()
  const email = await signIn(page)
  await choosePlan(page)
  return { page, email }
}

test('the plan is there on the way back, before any webhook was delivered', async () => {
  const { product } = stage
  await product().control('/settings', { deliveryMode: 'manual' })
  try {
    const { page } = await atCheckout()
    await payAndReturn(page)
    await expectSeen(page.getByText('You are on Pro now'))
    expect(await exportProjects(page)).toBe('id,name')
    await open(page, 'Events')
    expect(await page.getByText('checkout.session.completed').count()).toBe(0)
    await product().control('/deliveries/drain')
    await page.getByRole('button', { name: 'Refresh' }).click()
    await expectSeen(page.getByText('checkout.session.completed'))
  } finally {
    await product().control('/settings', { deliveryMode: 'immediate' })
  }
})

test('declines are shown at their fields in the words of the issuer, and another card is taken', async () => {
  const { page, email } = await atCheckout()
  for (const [number, label, words] of DECLINES) {
    await pay(page, number)
    await expectSeen(page.getByRole('alert').getByText(words))
    const field = page.getByLabel(label)
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    expect(await page.locator(`#${await field.getAttribute('aria-describedby')}`).textContent()).toContain(words)
  }
  await payAndReturn(page)
  expect(await subscriptionsOf(email)).toBe(1)
})

const DECLINES = [
  ['4000000000000002', 'Card number', 'Your card was declined. Try another card; nothing was charged.'],
  ['4000000000009995', 'Card number', 'Your card has insufficient funds. Try another card; nothing was charged.'],
  ['4000000000000069', 'Expiry (MM / YY)', 'Your card has expired.'],
  ['4000000000000127', 'CVC', "Your card's security code is incorrect."],
] as const

test('3-D Secure: refused by the bank nothing is charged, confirmed it is', async () => {
  const { page, email } = await atCheckout()
  await pay(page, CARDS.asksTheBank)
  await answerBank(page, 'Fail authentication')
  await page.waitForURL(/\/c\/pay\//)
  await expectSeen(page.getByRole('alert').getByText('Your bank did not confirm that it is you.'))
  await pay(page, CARDS.asksTheBank)
  await answerBank(page, 'Complete authentication')
  await page.waitForURL(/\/projects\?billing=success/)
  await expectSeen(page.getByText('You are on Pro now'))
  expect(await subscriptionsOf(email)).toBe(1)
})

test('a double click asks once and pays once', async () => {
  const page = await stage.visitor()
  const email = await signIn(page)
  const sent: string[] = []
  page.on('request', (request) => {
    if (request.method() === 'POST') sent.push(new URL(request.url()).pathname)
  })
  await planButton(page).dblclick()
  await page.waitForURL(/\/c\/pay\//)
  expect(sent).toEqual(['/api/billing/checkout'])
  await typeCard(page, CARDS.works)
  await page.getByRole('button', { name: 'Pay $20.00' }).dblclick()
  await expectSeen(page.getByText('You are on Pro now'))
  expect(sent.slice(1)).toHaveLength(1)
  expect(await subscriptionsOf(email)).toBe(1)
})

test('two tabs are led to the same page, which can be paid once', async () => {
  const { page, email } = await atCheckout()
  const other = await stage.secondTab(page)
  await choosePlan(other)
  expect(other.url()).toBe(page.url())
  // Chromium is slow to answer in a tab that lies behind another.
  await page.bringToFront()
  await payAndReturn(page)
  await other.bringToFront()
  await pay(other, CARDS.works)
  await expectSeen(other.getByText('You are on Pro now'))
  expect(await subscriptionsOf(email)).toBe(1)
})

test('a tab that has not heard of the plan yet is told of it', async () => {
  const page = await stage.visitor()
  const email = await signIn(page)
  const other = await stage.secondTab(page)
  await expectSeen(planButton(other))
  await choosePlan(page)
  await payAndReturn(page)
  await planButton(other).click()
  await expectSeen(other.getByRole('alert').getByText('already'))
  expect(await subscriptionsOf(email)).toBe(1)
})

test('who leaves the checkout page is where they were, and can come again', async () => {
  const { page, email } = await atCheckout()
  await page.getByRole('link', { name: '← Back to Fieldnotes' }).click()
  await expectSeen(planButton(page))
  await open(page, 'Billing')
  await expectSeen(section(page, 'Plan').getByRole('heading', { name: 'Free' }))
  expect(await subscriptionsOf(email)).toBe(0)
  await open(page, 'Pricing')
  await choosePlan(page)
  await payAndReturn(page)
  expect(await subscriptionsOf(email)).toBe(1)
})

test('a checkout page that has expired says so and leads back to a new one', async () => {
  const { page, email } = await atCheckout()
  await stage.product().control('/clock/advance', { seconds: 25 * 3600 })
  await pay(page, CARDS.works)
  await expectSeen(page.getByRole('heading', { name: 'This checkout page has expired' }))
  await page.getByRole('link', { name: 'Back to Fieldnotes' }).click()
  await choosePlan(page)
  await payAndReturn(page)
  expect(await subscriptionsOf(email)).toBe(1)
})

test('everything from signing in to paying can be done by keyboard', async () => {
  const page = await stage.visitor()
  await pressOn(page, 'Sign in')
  await typeInto(page, 'E-mail', 'keyboard@customer.example')
  await page.keyboard.press('Enter')
  await expectSeen(planButton(page))
  await pressOn(page, 'Choose Pro')
  await page.waitForURL(/\/c\/pay\//)
  await typeInto(page, 'Card number', CARDS.works)
  await typeInto(page, 'Expiry (MM / YY)', '1240')
  await typeInto(page, 'CVC', '123')
  await typeInto(page, 'Name on card', 'Ada Lovelace')
  await pressOn(page, 'Pay $20.00')
  await expectSeen(page.getByText('You are on Pro now'))
})
