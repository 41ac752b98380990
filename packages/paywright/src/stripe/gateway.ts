import type { Stripe } from 'stripe'
import type { StripeGateway } from '../engine/ports.js'
import { call } from './call.js'
import { createCheckout, expireCheckout, readCheckout } from './checkout.js'
import { createStripe, isLiveKey, type StripeAccess } from './client.js'
import { CUSTOMER_METADATA_KEY } from './metadata.js'
import { createPortal } from './portal.js'
import { pushCatalog } from './push-catalog.js'
import { listCustomers } from './list-customers.js'
import { listEvents } from './list-events.js'
import { readCatalog } from './read-catalog.js'
import { readCustomer } from './read-customer.js'
import { readEvent } from './read-event.js'
import { readObject } from './read-object.js'
import { readRecord } from './read-record.js'
import { readDisputes, readRecordList } from './read-records.js'
import { secretFingerprint } from './secret-fingerprint.js'
import { setCancelAtPeriodEnd } from './set-cancel.js'
import { verifyWebhook } from './webhook.js'

export interface GatewayOptions extends StripeAccess {
  readonly webhookSecrets: readonly string[]
}

/** Stripe as the library needs it, through the official SDK. */
export function createGateway(options: GatewayOptions): StripeGateway {
  const livemode = isLiveKey(options.secretKey)
  const stripe = createStripe(options)
  // Whose bucket it is has to be known before anything can be taken out of it.
  const unpaced = createStripe({ ...options, pacing: undefined })
  const trust = { secrets: options.webhookSecrets, livemode }
  return {
    livemode,
    account: onceGood(() => call('accounts.retrieve', async () => (await unpaced.accounts.retrieveCurrent()).id)),
    secretFingerprints: options.webhookSecrets.map(secretFingerprint),
    verifyWebhook: (request) => verifyWebhook(trust, request),
    readCustomer: (stripeCustomerId, depth) => readCustomer(stripe, stripeCustomerId, depth),
    readObject: (ref) => readObject(stripe, ref),
    readRecord: (request) => readRecord(stripe, request),
    readRecordList: (stripeCustomerId, list) => readRecordList(stripe, stripeCustomerId, list),
    readDisputes: (stripeChargeId) => readDisputes(stripe, stripeChargeId),
    readEvent,
    listEvents: (request) => listEvents(stripe, request),
    listCustomers: (request) => listCustomers(stripe, request),
    readCatalog: () => readCatalog(stripe),
    createCustomer: (request) => createCustomer(stripe, request),
    createCheckout: (request) => createCheckout(stripe, request),
    readCheckout: (stripeSessionId) => readCheckout(stripe, stripeSessionId),
    expireCheckout: (stripeSessionId) => expireCheckout(stripe, stripeSessionId),
    createPortal: (request) => createPortal(stripe, request),
    setCancelAtPeriodEnd: (request) => setCancelAtPeriodEnd(stripe, request),
    pushCatalog: (catalog) => pushCatalog(stripe, catalog),
  }
}

async function createCustomer(
  stripe: Stripe,
  request: Parameters<StripeGateway['createCustomer']>[0],
): Promise<{ stripeCustomerId: string }> {
  const { customerId, email, name, idempotencyKey } = request
  const params: Stripe.CustomerCreateParams = {
    ...(email === null ? {} : { email }),
    ...(name === null ? {} : { name }),
    metadata: { [CUSTOMER_METADATA_KEY]: customerId },
  }
  const customer = await call('customers.create', () => stripe.customers.create(params, { idempotencyKey }))
  return { stripeCustomerId: customer.id }
}

/** Asks until there was one good answer, and keeps that one. */
function onceGood<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let known: Promise<Answer> | null = null
  return () => {
    known ??= ask().catch((error: unknown) => {
      known = null
      throw error
    })
    return known
  }
}
