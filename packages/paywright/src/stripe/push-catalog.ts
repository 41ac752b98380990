import { createHash } from 'node:crypto'
import type { Stripe } from 'stripe'
import { PLAN_METADATA_KEY, type Catalog, type CatalogPlan, type CatalogPrice } from '../domain/catalog.js'
import type { PushReport } from '../engine/ports.js'
import { BillingError } from '../errors.js'
import { call, callOrNull } from './call.js'
import { idOf } from './id-of.js'
import { INTERVAL_METADATA_KEY } from './metadata.js'
import { PAGE_SIZE, readAll } from './read-all.js'

type CodePrice = Extract<CatalogPrice, { source: 'code' }>

type Outcome = { readonly name: string; readonly how: keyof PushReport }

/**
 * Brings products and prices into Stripe, and finds those that are there.
 *
 * An amount is never edited, which Stripe would not allow either: where the code says another one, a new price is made
 * and takes the lookup key over. The old price stays active for those who pay it; it keeps its metadata, by which it is
 * still known to belong to the plan.
 */
export async function pushCatalog(stripe: Stripe, catalog: Catalog): Promise<PushReport> {
  const outcomes: Outcome[] = []
  // One plan after the other: a push is rare, and its requests should not run into the rate limit of a sandbox.
  for (const plan of catalog.plans) outcomes.push(...(await pushPlan(stripe, plan)))
  const named = (how: Outcome['how']): readonly string[] =>
    outcomes.flatMap((outcome) => (outcome.how === how ? [outcome.name] : []))
  return { created: named('created'), found: named('found'), replaced: named('replaced') }
}

async function pushPlan(stripe: Stripe, plan: CatalogPlan): Promise<readonly Outcome[]> {
  const configured = plan.prices.flatMap((price) => (price.source === 'stripe' ? [price.stripePriceId] : []))
  const outcomes = await Promise.all(configured.map((id) => checkPrice(stripe, id)))
  const ofCode = plan.prices.flatMap((price) => (price.source === 'code' ? [price] : []))
  if (ofCode.length === 0) return outcomes
  const present = await pricesByLookupKey(stripe, ofCode)
  const product = await ensureProduct(stripe, plan, [...present.values()])
  const pushed: Outcome[] = [product.outcome]
  for (const price of ofCode) {
    const target = { plan, price, productId: product.id, present: present.get(price.lookupKey) ?? null }
    pushed.push(await ensurePrice(stripe, target))
  }
  return [...outcomes, ...pushed]
}

/** A price id that stands in the code must be one that can be bought. */
async function checkPrice(stripe: Stripe, id: string): Promise<Outcome> {
  const price = await callOrNull('prices.retrieve', () => stripe.prices.retrieve(id))
  if (price?.active === true) return { name: id, how: 'found' }
  const detail = price === null ? `There is no price ${id} in this account and mode.` : `The price ${id} is archived.`
  throw new BillingError('price_not_pushed', { detail })
}

/** By list and not by search, because search lags behind what was just written. */
async function pricesByLookupKey(
  stripe: Stripe,
  wanted: readonly CodePrice[],
): Promise<ReadonlyMap<string, Stripe.Price>> {
  const keys = wanted.map((price) => price.lookupKey)
  const params = { lookup_keys: keys, limit: PAGE_SIZE, expand: ['data.product'] }
  const { data } = await call('prices.list', () => stripe.prices.list(params))
  return new Map(data.flatMap((price) => (price.lookup_key === null ? [] : [[price.lookup_key, price]])))
}

async function ensureProduct(
  stripe: Stripe,
  plan: CatalogPlan,
  prices: readonly Stripe.Price[],
): Promise<{ id: string; outcome: Outcome }> {
  const name = `product ${plan.key}`
  const known = prices.map((price) => price.product).find(isUsable) ?? (await findProduct(stripe, plan.key))
  if (known === null) return { id: await createProduct(stripe, plan), outcome: { name, how: 'created' } }
  return { id: idOf(known), outcome: { name, how: 'found' } }
}

function isUsable(product: Stripe.Price['product']): product is Stripe.Product {
  return typeof product !== 'string' && product.deleted !== true && product.active
}

const MOST_PRODUCTS = 1000

async function findProduct(stripe: Stripe, key: string): Promise<Stripe.Product | null> {
  const pages = (): Promise<readonly Stripe.Product[]> =>
    readAll(stripe.products.list({ active: true, limit: PAGE_SIZE }), { kind: 'products', limit: MOST_PRODUCTS })
  const products = await call('products.list', pages)
  return products.find((product) => product.metadata[PLAN_METADATA_KEY] === key) ?? null
}

/** Stripe repeats an answer for a day, also when the product was deleted since: then the next key is used. */
const MOST_DELETED_IN_A_DAY = 10

async function createProduct(stripe: Stripe, plan: CatalogPlan): Promise<string> {
  const params = { name: plan.name, metadata: { [PLAN_METADATA_KEY]: plan.key } }
  for (let round = 0; round < MOST_DELETED_IN_A_DAY; round++) {
    const idempotencyKey = intentKey('product', [plan.key, plan.name, round])
    const { id } = await call('products.create', () => stripe.products.create(params, { idempotencyKey }))
    const product = await callOrNull('products.retrieve', () => stripe.products.retrieve(id))
    if (product !== null && isUsable(product)) return id
  }
  throw new BillingError('stripe_refused', { detail: `The product of "${plan.key}" was deleted again and again.` })
}

interface PriceTarget {
  readonly plan: CatalogPlan
  readonly price: CodePrice
  readonly productId: string
  readonly present: Stripe.Price | null
}

async function ensurePrice(stripe: Stripe, target: PriceTarget): Promise<Outcome> {
  const { plan, price, productId, present } = target
  if (present !== null) await nameItsPlan(stripe, present, plan)
  if (present !== null && isAsWanted(present, target)) return { name: price.lookupKey, how: 'found' }
  const params: Stripe.PriceCreateParams = {
    product: productId,
    currency: price.currency,
    unit_amount: price.amount,
    recurring: { interval: price.interval },
    lookup_key: price.lookupKey,
    metadata: { [PLAN_METADATA_KEY]: plan.key, [INTERVAL_METADATA_KEY]: price.interval },
    ...(present === null ? {} : { transfer_lookup_key: true }),
  }
  const facts = [productId, price.lookupKey, price.amount, price.currency, present?.id ?? null]
  const idempotencyKey = intentKey('price', facts)
  await call('prices.create', () => stripe.prices.create(params, { idempotencyKey }))
  return { name: price.lookupKey, how: present === null ? 'created' : 'replaced' }
}

/** A price made by hand has no metadata of ours, and without its lookup key nothing would say whose it was. */
async function nameItsPlan(stripe: Stripe, price: Stripe.Price, plan: CatalogPlan): Promise<void> {
  if (price.metadata[PLAN_METADATA_KEY] === plan.key) return
  const metadata = { [PLAN_METADATA_KEY]: plan.key }
  await call('prices.update', () => stripe.prices.update(price.id, { metadata }))
}

function isAsWanted(present: Stripe.Price, { price, productId }: PriceTarget): boolean {
  const isSameAmount = present.unit_amount === price.amount && present.currency === price.currency
  const { interval, interval_count: count } = present.recurring ?? {}
  const isSameRhythm = interval === price.interval && count === 1
  return present.active && isSameAmount && isSameRhythm && idOf(present.product) === productId
}

function intentKey(act: string, facts: readonly (string | number | null)[]): string {
  const digest = createHash('sha256').update(JSON.stringify(facts)).digest('hex')
  return `paywright:push:${act}:${digest.slice(0, 40)}`
}
