import { Stripe } from 'stripe'
import { describe, expect, test } from 'vitest'
import { BillingError } from '../errors.js'
import { secretFingerprint } from './secret-fingerprint.js'
import { verifyWebhook, type WebhookRequest, type WebhookTrust } from './webhook.js'

const SECRET = 'whsec_first'
const NOW = 1_700_000_000

const EVENT = {
  id: 'evt_1',
  object: 'event',
  type: 'customer.subscription.updated',
  api_version: '2026-10-28.endive',
  created: NOW - 5,
  livemode: false,
  data: { object: { id: 'sub_1', object: 'subscription', customer: 'cus_1' } },
}

const THIN = {
  id: 'evt_test_1',
  object: 'v2.core.event',
  type: 'v1.customer.updated',
  created: '2023-11-14T22:13:15.900Z',
  livemode: false,
  related_object: { id: 'cus_1', type: 'customer', url: '/v1/customers/cus_1' },
}

interface Delivery {
  readonly event?: unknown
  readonly secret?: string
  readonly signedAt?: number
}

function deliver({ event = EVENT, secret = SECRET, signedAt = NOW }: Delivery = {}): WebhookRequest {
  const payload = typeof event === 'string' ? event : JSON.stringify(event)
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp: signedAt })
  return { body: new TextEncoder().encode(payload), signature, now: NOW }
}

const TRUST: WebhookTrust = { secrets: [SECRET], livemode: false }

function faultOf(request: WebhookRequest, trust: Partial<WebhookTrust> = {}): BillingError | null {
  try {
    verifyWebhook({ ...TRUST, ...trust }, request)
    return null
  } catch (error) {
    if (error instanceof BillingError) return error
    throw error
  }
}

test('a signed event is answered with its subject and its body as it came', () => {
  expect(verifyWebhook(TRUST, deliver())).toEqual({
    eventId: 'evt_1',
    type: 'customer.subscription.updated',
    livemode: false,
    apiVersion: '2026-10-28.endive',
    account: null,
    createdAt: NOW - 5,
    subject: 'cus_1',
    objectId: 'sub_1',
    payload: JSON.stringify(EVENT),
    secretFingerprint: secretFingerprint(SECRET),
  })
})

test('which of the secrets has signed is told by its fingerprint', () => {
  const trust = { ...TRUST, secrets: [SECRET, 'whsec_next'] }
  const { secretFingerprint: signer } = verifyWebhook(trust, deliver({ secret: 'whsec_next' }))
  expect(signer).toBe(secretFingerprint('whsec_next'))
  expect(signer).not.toBe(secretFingerprint(SECRET))
})

test('a type that nobody knows is taken in, with nothing to sync', () => {
  const event = { ...EVENT, type: 'galaxy.collided', account: 'acct_2', data: { object: { id: 'gal_1' } } }
  expect(verifyWebhook(TRUST, deliver({ event }))).toMatchObject({
    subject: null,
    account: 'acct_2',
    objectId: 'gal_1',
  })
})

describe('a thin event', () => {
  test('is answered with the customer it names', () => {
    expect(verifyWebhook(TRUST, deliver({ event: THIN }))).toEqual({
      eventId: 'evt_test_1',
      type: 'v1.customer.updated',
      livemode: false,
      apiVersion: null,
      account: null,
      createdAt: NOW - 5,
      subject: 'cus_1',
      objectId: 'cus_1',
      payload: JSON.stringify(THIN),
      secretFingerprint: secretFingerprint(SECRET),
    })
  })

  test('is verified as all others are', () => {
    expect(faultOf(deliver({ event: THIN, secret: 'whsec_other' }))?.code).toBe('webhook_signature_invalid')
    expect(faultOf(deliver({ event: THIN, signedAt: NOW - 301 }))?.code).toBe('webhook_timestamp_stale')
  })

  test.each<[string, unknown, string | null]>([
    ['a product', { id: 'prod_1', type: 'product', url: '/v1/products/prod_1' }, 'catalog'],
    ['a tax id of a customer', { id: 'txi_1', type: 'tax_id', url: '/v1/customers/cus_7/tax_ids/txi_1' }, 'cus_7'],
    [
      'what a customer may use',
      {
        type: 'entitlements.active_entitlement_summary',
        url: '/v1/entitlements/active_entitlements?customer=cus_7',
      },
      'cus_7',
    ],
    [
      'a subscription, which says not whose',
      { id: 'sub_1', type: 'subscription', url: '/v1/subscriptions/sub_1' },
      null,
    ],
    ['nothing', undefined, null],
  ])('about %s', (_name, related, subject) => {
    expect(verifyWebhook(TRUST, deliver({ event: { ...THIN, related_object: related } })).subject).toBe(subject)
  })

  test.each([
    ['acct_1', 'acct_1'],
    ['org_1/acct_1/acct_2', 'acct_2'],
    ['org_1', null],
  ])('from the context %s is of the account %s', (context, account) => {
    expect(verifyWebhook(TRUST, deliver({ event: { ...THIN, context } })).account).toBe(account)
  })
})

describe('the signature', () => {
  const withOtherBody = { ...deliver(), body: new TextEncoder().encode(JSON.stringify({ ...EVENT, id: 'evt_2' })) }

  test.each<[string, WebhookRequest, Partial<WebhookTrust>, string | undefined]>([
    ['is missing', { ...deliver(), signature: null }, {}, 'webhook_signature_missing'],
    ['is empty', { ...deliver(), signature: '' }, {}, 'webhook_signature_missing'],
    ['is no signature', { ...deliver(), signature: 'hello' }, {}, 'webhook_signature_invalid'],
    ['has only another scheme', { ...deliver(), signature: `t=${NOW},v0=abc` }, {}, 'webhook_signature_invalid'],
    ['is of another secret', deliver({ secret: 'whsec_other' }), {}, 'webhook_signature_invalid'],
    ['is of another body', withOtherBody, {}, 'webhook_signature_invalid'],
    ['is of a body, and none came', { ...deliver(), body: new Uint8Array() }, {}, 'webhook_signature_invalid'],
    ['is as old as it may be', deliver({ signedAt: NOW - 300 }), {}, undefined],
    ['is too old', deliver({ signedAt: NOW - 301 }), {}, 'webhook_timestamp_stale'],
    [
      'is too old, and of another secret',
      deliver({ secret: 'whsec_other', signedAt: 0 }),
      {},
      'webhook_signature_invalid',
    ],
    ['is of the second secret', deliver({ secret: 'whsec_next' }), { secrets: [SECRET, 'whsec_next'] }, undefined],
    ['cannot be checked', deliver(), { secrets: [] }, 'webhook_secret_missing'],
    ['cannot be checked by a blank secret', deliver(), { secrets: [' '] }, 'webhook_secret_missing'],
  ])('%s', (_name, request, trust, code) => {
    expect(faultOf(request, trust)?.code).toBe(code)
  })

  test('is the one of the scheme v1: a vector worked out by hand', () => {
    const payload = '{"id":"evt_1","object":"event"}'
    const signature = 't=1700000000,v1=0c8670ed117751cc551a20e35839447075c42800ea3cf3e8a2fbda99cd1e6edd'
    const request = { body: new TextEncoder().encode(payload), signature, now: NOW }
    const trust = { secrets: ['whsec_test_secret'] }
    // Signed, so what is refused is the event, which has no data.
    expect(faultOf(request, trust)?.code).toBe('webhook_payload_invalid')
    const changed = { ...request, body: new TextEncoder().encode(`${payload} `) }
    expect(faultOf(changed, trust)?.code).toBe('webhook_signature_invalid')
  })

  test('is told of without the body, so that no log gets it', () => {
    const fault = faultOf(deliver({ secret: 'whsec_other' }))
    expect(fault?.code).toBe('webhook_signature_invalid')
    expect(fault).not.toHaveProperty('cause')
  })
})

describe('a signed body that is', () => {
  test.each<[string, unknown, string]>([
    ['no JSON', 'hello', 'webhook_payload_invalid'],
    ['a list', '[]', 'webhook_payload_invalid'],
    ['no event', { ...EVENT, object: 'charge' }, 'webhook_payload_invalid'],
    ['an event without an id', { ...EVENT, id: undefined }, 'webhook_payload_invalid'],
    ['an event without a mode', { ...EVENT, livemode: undefined }, 'webhook_payload_invalid'],
    ['an event without an object', { ...EVENT, data: {} }, 'webhook_payload_invalid'],
    ['a thin event without a time', { ...THIN, created: 'soon' }, 'webhook_payload_invalid'],
    ['a live thin event', { ...THIN, livemode: true }, 'webhook_livemode_mismatch'],
    ['a live event', { ...EVENT, livemode: true }, 'webhook_livemode_mismatch'],
  ])('%s', (_name, event, code) => {
    expect(faultOf(deliver({ event }))?.code).toBe(code)
  })

  test('a test event, with a live key', () => {
    expect(faultOf(deliver(), { livemode: true })?.code).toBe('webhook_livemode_mismatch')
  })
})
