import { describe, expect, test } from 'vitest'
import type { StripeGateway } from '../engine/ports.js'
import { call, toBillingError } from './call.js'
import { createGateway } from './gateway.js'
import { scriptServer, type ScriptedAnswer } from './testing/scripted-server.js'

/** The SDK would repeat some of these requests after a while. */
const NO_RETRY = { 'stripe-should-retry': 'false', 'request-id': 'req_1' }

async function gatewayOf(answer: () => ScriptedAnswer | null): Promise<StripeGateway> {
  const apiBase = await scriptServer(answer)
  return createGateway({ secretKey: 'sk_test_1', apiBase, webhookSecrets: [] })
}

function refusal(status: number, error: Readonly<Record<string, string>>): ScriptedAnswer {
  return { status, headers: NO_RETRY, body: { error: { message: 'It was refused.', ...error } } }
}

describe('an answer of Stripe', () => {
  test.each<[number, Readonly<Record<string, string>>, string, number]>([
    [400, { type: 'invalid_request_error', code: 'parameter_unknown' }, 'stripe_refused', 502],
    [400, { type: 'invalid_request_error', code: 'resource_missing' }, 'stripe_object_missing', 404],
    [404, { type: 'invalid_request_error', code: 'resource_missing' }, 'stripe_object_missing', 404],
    [400, { type: 'idempotency_error' }, 'stripe_idempotency_conflict', 409],
    [409, { type: 'invalid_request_error', code: 'idempotency_key_in_use' }, 'stripe_idempotency_conflict', 409],
    [401, { type: 'invalid_request_error' }, 'stripe_authentication_failed', 500],
    [403, { type: 'invalid_request_error' }, 'stripe_authentication_failed', 500],
    [402, { type: 'card_error', code: 'card_declined' }, 'stripe_payment_declined', 402],
    [429, { type: 'invalid_request_error', code: 'lock_timeout' }, 'stripe_rate_limited', 503],
    [500, { type: 'api_error' }, 'stripe_unavailable', 503],
    [503, { type: 'api_error' }, 'stripe_unavailable', 503],
  ])('%d %j is %s (%d)', async (status, error, code, ours) => {
    const gateway = await gatewayOf(() => refusal(status, error))
    const detail = expect.stringContaining('At accounts.retrieve (req_1): It was refused.')
    await expect(gateway.account()).rejects.toMatchObject({ code, status: ours, message: detail })
  })
})

test('a connection that breaks, also when the SDK tries again, is a fault of a moment', async () => {
  const gateway = await gatewayOf(() => null)
  await expect(gateway.account()).rejects.toMatchObject({ code: 'stripe_unavailable', status: 503 })
})

test('the account is asked for until there is an answer, and then no more', async () => {
  const answers = [refusal(500, { type: 'api_error' }), { status: 200, body: { object: 'account', id: 'acct_1' } }]
  const gateway = await gatewayOf(() => answers.shift() ?? refusal(500, { type: 'api_error' }))
  await expect(gateway.account()).rejects.toMatchObject({ code: 'stripe_unavailable' })
  expect(await gateway.account()).toBe('acct_1')
  expect(await gateway.account()).toBe('acct_1')
})

test('what does not come from Stripe stays what it is', async () => {
  const mistake = new TypeError('A mistake of ours.')
  expect(toBillingError('prices.list', mistake)).toBe(mistake)
  await expect(call('prices.list', () => Promise.reject(mistake))).rejects.toBe(mistake)
})
