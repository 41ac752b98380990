import type { Simulator } from '@paywright/simulator'
import type { Ids } from './ids.js'
import { isObject, objectsIn, textOf, type Exchange, type Json, type JsonObject, type Pair } from './recordings.js'
import { send } from './request.js'

interface Recorded {
  readonly exchanges: readonly Exchange[]
  /** Exchanges of other scenarios, which may say more about the same prices. */
  readonly others: readonly Exchange[]
}

/** Creates the prices that a recording takes for granted, with what its answers say about them. */
export async function createPrices(simulator: Simulator, { exchanges, others }: Recorded, ids: Ids): Promise<void> {
  const objects = [...exchanges, ...others].flatMap(({ body }) => [...objectsIn(body)])
  for (const id of namedPrices(exchanges)) {
    const price = priceOf(objects, id)
    if (price === undefined) continue
    const product = textOf(price['product'])
    if (!ids.knows(product)) ids.learn(product, await create(simulator, 'products', productForm(objects, product)))
    ids.learn(id, await create(simulator, 'prices', priceForm(price, ids.translate(product))))
  }
}

/** A price as an answer shows it, or what a line of an invoice says about it. */
function priceOf(objects: readonly JsonObject[], id: string): JsonObject | undefined {
  const price = objects.find((candidate) => candidate['object'] === 'price' && candidate['id'] === id)
  if (price !== undefined) return price
  const line = objects.find((candidate) => detailsOf(candidate)['price'] === id)
  if (line === undefined) return undefined
  const { product = null } = detailsOf(line)
  const { currency = null, amount, quantity } = line
  return { product, currency, unit_amount: Number(amount) / Number(quantity) }
}

function detailsOf({ pricing }: JsonObject): JsonObject {
  const details = isObject(pricing) ? pricing['price_details'] : undefined
  return isObject(details) ? details : {}
}

function namedPrices(exchanges: readonly Exchange[]): ReadonlySet<string> {
  const pairs = exchanges.flatMap(({ form }) => form)
  return new Set(pairs.filter(([key]) => /(?:^|\[)(?:price|plan)\]?$/.test(key)).map(([, value]) => value))
}

function priceForm(price: JsonObject, product: string): readonly Pair[] {
  const recurring = isObject(price['recurring']) ? price['recurring'] : {}
  const fields: readonly (readonly [string, Json | undefined])[] = [
    ['product', product],
    ...['currency', 'unit_amount', 'nickname', 'tax_behavior'].map((name) => [name, price[name]] as const),
    ...['interval', 'interval_count'].map((name) => [`recurring[${name}]`, recurring[name]] as const),
  ]
  return fields.flatMap(([key, value]) => (value == null ? [] : [[key, textOf(value)] as const]))
}

/** A product's name and unit are recorded only inside the wording of invoice lines. */
function productForm(objects: readonly JsonObject[], product: string): readonly Pair[] {
  const isIts = (line: JsonObject): boolean => line['object'] === 'line_item' && JSON.stringify(line).includes(product)
  const texts = objects.filter(isIts).map((line) => textOf(line['description']))
  const [, unit, name] = texts.map((text) => LINE.exec(text)).find((match) => match !== null) ?? []
  return [['name', name ?? 'Recorded product'], ...(unit === undefined ? [] : [['unit_label', unit] as const])]
}

const LINE = /^(?:(?:Free trial for )?\d+ (?:(\S+) )?× )?(.+?)(?: \(at .*\))?$/

async function create(simulator: Simulator, resource: string, form: readonly Pair[]): Promise<string> {
  const { status, body } = await send(simulator, { method: 'POST', path: `/v1/${resource}`, form })
  if (status !== 200) throw new Error(`${resource}: ${JSON.stringify(body)}`)
  return textOf(body['id'])
}
