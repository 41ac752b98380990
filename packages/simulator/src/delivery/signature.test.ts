import Stripe from 'stripe'
import { expect, test } from 'vitest'
import { signatureHeader } from './signature.js'

const body = '{"id":"evt_1","object":"event"}'

test('the vector of the documentation', () => {
  const header = signatureHeader(body, { at: 1_700_000_000, secrets: ['whsec_test_secret'] })
  expect(header).toBe('t=1700000000,v1=0c8670ed117751cc551a20e35839447075c42800ea3cf3e8a2fbda99cd1e6edd')
})

test('either of two secrets verifies, a third does not', () => {
  const at = Math.floor(Date.now() / 1000)
  const header = signatureHeader(body, { at, secrets: ['whsec_new', 'whsec_old'] })
  const { webhooks } = new Stripe('sk_test_x')
  expect(webhooks.constructEvent(body, header, 'whsec_new').id).toBe('evt_1')
  expect(webhooks.constructEvent(body, header, 'whsec_old').id).toBe('evt_1')
  expect(() => webhooks.constructEvent(body, header, 'whsec_other')).toThrow(/signature/)
})
