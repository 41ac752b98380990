import { describe, expect, test } from 'vitest'
import { createInvoice, createSubscription, createCatalog, MONTH, START } from '../domain/testing/factories.js'
import { composeMail } from './compose.js'
import { paymentFailedMail } from './payment-failed.js'
import { paymentRecoveredMail } from './payment-recovered.js'
import { trialEndingMail } from './trial-ending.js'

const context = { productName: 'Acme', billingUrl: 'https://acme.example/billing' }

describe('the mail about a failed payment', () => {
  const invoice = { number: 'ACME-0002', amountRemaining: 2000, currency: 'usd', nextPaymentAttemptAt: START }

  test('says what failed, what happens next, and where to put it right', () => {
    const mail = paymentFailedMail(invoice, context)
    expect(mail.subject).toBe('Your payment of $20.00 to Acme failed')
    for (const body of [mail.text, mail.html]) {
      expect(body).toContain('your payment of $20.00 for invoice ACME-0002')
      expect(body).toContain('We will try again on November 14, 2023 (UTC).')
      expect(body).toContain('https://acme.example/billing')
    }
    expect(mail.html).toContain('<a href="https://acme.example/billing"')
  })

  test('says when nothing will be tried again', () => {
    const mail = paymentFailedMail({ ...invoice, nextPaymentAttemptAt: null }, context)
    for (const body of [mail.text, mail.html]) {
      expect(body).toContain('We will not try again by ourselves.')
      expect(body).not.toContain('We will try again on')
    }
  })

  test.each([
    [2000, 'jpy', '¥2,000'],
    [12_345, 'kwd', 'KWD\u00a012.345'],
    [50_000, 'isk', 'ISK\u00a0500'],
  ])('writes %d %s as %s', (amountRemaining, currency, amount) => {
    const mail = paymentFailedMail({ ...invoice, amountRemaining, currency }, context)
    expect(mail.text).toContain(`your payment of ${amount} for`)
    expect(mail.subject.replaceAll(' ', '\u00a0')).toContain(amount)
  })

  test('lets no name bring in markup, attributes or headers', () => {
    const hostile = {
      productName: '<b>"A&B\'</b>\r\nBcc: eve@example.com',
      billingUrl: 'https://acme.example/?a=1&b="><i>',
    }
    const mail = paymentFailedMail(invoice, hostile)
    expect(mail.subject).not.toMatch(/[\r\n]/)
    expect(mail.html).not.toMatch(/<b>|<i>/)
    expect(mail.html).toContain('&#60;b&#62;&#34;A&#38;B&#39;')
    expect(mail.html).toContain('href="https://acme.example/?a=1&#38;b=&#34;&#62;')
  })
})

test('the mail about a payment that went through after all', () => {
  const mail = paymentRecoveredMail({ number: null, amountPaid: 500, currency: 'jpy' }, context)
  expect(mail.subject).toBe('Your payment of ¥500 to Acme went through')
  expect(mail.text).toContain('Thank you: your payment of ¥500 went through')
})

test.each([
  [false, 'your payment method is charged'],
  [true, 'you will not be charged'],
])('the mail about a trial that ends, canceled: %s', (isCanceled, words) => {
  const mail = trialEndingMail({ planName: 'Pro', trialEnd: START, isCanceled }, context)
  expect(mail.subject).toBe('Your trial of Pro ends on November 14, 2023 (UTC)')
  expect(mail.text).toContain(words)
})

test('a notice becomes a mail with its own key, sender and address', () => {
  const compose = { ...context, from: 'Acme <billing@acme.example>', catalog: createCatalog() }
  const common = { to: 'ada@example.com' }
  const invoice = createInvoice({ amountPaid: 2000 })
  const failed = composeMail({ kind: 'payment_failed', key: 'mail:payment.failed:in_1:2', ...common, invoice }, compose)
  expect(failed).toMatchObject({ key: 'mail:payment.failed:in_1:2', from: compose.from, ...common })
  expect(failed.subject).toMatch(/failed$/)
  const recovered = composeMail({ kind: 'payment_recovered', key: 'k', ...common, invoice }, compose)
  expect(recovered.subject).toMatch(/went through$/)
  const subscription = createSubscription({ status: 'trialing', trialEnd: START + MONTH })
  const ending = composeMail({ kind: 'trial_ending', key: 'k', ...common, subscription }, compose)
  expect(ending.subject).toBe('Your trial of Pro ends on December 14, 2023 (UTC)')
})
