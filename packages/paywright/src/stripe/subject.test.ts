import { expect, test } from 'vitest'
import { subjectOf } from './subject.js'

const ofCustomer = { id: 'obj_1', customer: 'cus_1' }

test.each<[string, Record<string, unknown>, string | null]>([
  ['customer.created', { id: 'cus_1' }, 'cus_1'],
  ['customer.updated', { id: 'cus_1' }, 'cus_1'],
  ['customer.deleted', { id: 'cus_1' }, 'cus_1'],
  ['customer.discount.created', ofCustomer, 'cus_1'],
  ['customer.tax_id.created', ofCustomer, 'cus_1'],
  ['customer.subscription.created', ofCustomer, 'cus_1'],
  ['customer.subscription.updated', { id: 'sub_1', customer: { id: 'cus_1' } }, 'cus_1'],
  ['customer.subscription.deleted', ofCustomer, 'cus_1'],
  ['customer.subscription.trial_will_end', ofCustomer, 'cus_1'],
  ['customer.subscription.paused', ofCustomer, 'cus_1'],
  ['invoice.created', ofCustomer, 'cus_1'],
  ['invoice.paid', ofCustomer, 'cus_1'],
  ['invoice.payment_failed', ofCustomer, 'cus_1'],
  ['invoice.upcoming', { customer: 'cus_1' }, 'cus_1'],
  ['checkout.session.completed', ofCustomer, 'cus_1'],
  ['checkout.session.expired', { id: 'cs_1', customer: null }, null],
  ['payment_method.attached', ofCustomer, 'cus_1'],
  ['setup_intent.succeeded', ofCustomer, 'cus_1'],
  ['payment_intent.payment_failed', ofCustomer, 'cus_1'],
  ['charge.refunded', ofCustomer, 'cus_1'],
  ['charge.dispute.created', { id: 'dp_1', charge: 'ch_1' }, 'charge:ch_1'],
  ['charge.refund.updated', ofCustomer, 'cus_1'],
  ['refund.created', ofCustomer, 'cus_1'],
  ['entitlements.active_entitlement_summary.updated', { customer: 'cus_1' }, 'cus_1'],
  ['credit_note.created', ofCustomer, 'cus_1'],
  ['subscription_schedule.released', ofCustomer, 'cus_1'],
  ['product.updated', { id: 'prod_1' }, 'catalog'],
  ['price.created', { id: 'price_1', customer: 'cus_1' }, 'catalog'],
  ['coupon.deleted', { id: 'SALE' }, 'catalog'],
  ['promotion_code.updated', { id: 'promo_1', customer: 'cus_1' }, 'catalog'],
  ['billing.meter.created', { id: 'mtr_1' }, 'catalog'],
  ['invoice_payment.paid', { id: 'inpay_1', invoice: 'in_1' }, null],
  ['radar.early_fraud_warning.created', ofCustomer, null],
  ['galaxy.collided', ofCustomer, null],
  ['customers', ofCustomer, null],
])('%s is about %j: %s', (type, object, subject) => {
  expect(subjectOf({ type, object, previous: {} })).toBe(subject)
})

test('a detached payment method is about the customer who had it', () => {
  const event = { type: 'payment_method.detached', object: { id: 'pm_1', customer: null } }
  expect(subjectOf({ ...event, previous: { customer: 'cus_1' } })).toBe('cus_1')
  expect(subjectOf({ ...event, previous: {} })).toBeNull()
})
