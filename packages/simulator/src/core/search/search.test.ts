import { describe, expect, test } from 'vitest'
import { Bench } from '../testing/bench.js'
import { parseQuery } from './query.js'

interface Result {
  readonly object: string
  readonly data: readonly { readonly id: string }[]
  readonly has_more: boolean
  readonly next_page: string | null
  readonly url: string
}

function found(bench: Bench, resource: string, query: string): string[] {
  return bench.run<Result>(`${resource}.search`, { query }).data.map(({ id }) => id)
}

describe('a query', () => {
  test.each([
    ['email:"ada@example.com"', 'and', [['email', undefined, ':', 'ada@example.com', false]]],
    [
      `name:'O\\'Neill' AND created>100`,
      'and',
      [
        ['name', undefined, ':', "O'Neill", false],
        ['created', undefined, '>', '100', false],
      ],
    ],
    [
      '-status:"active" OR total<=5',
      'or',
      [
        ['status', undefined, ':', 'active', true],
        ['total', undefined, '<=', '5', false],
      ],
    ],
    [
      'metadata["a b"]:null -name~"AND"',
      'and',
      [
        ['metadata', 'a b', ':', null, false],
        ['name', undefined, '~', 'AND', true],
      ],
    ],
    ['metadata["k"] : "say \\"hi\\""', 'and', [['metadata', 'k', ':', 'say "hi"', false]]],
  ])('%s is read', (text, join, clauses) => {
    const query = parseQuery(text)
    expect(query.join).toBe(join)
    expect(
      query.clauses.map((clause) => [clause.field, clause.key, clause.operator, clause.value, clause.isNegated]),
    ).toEqual(clauses)
  })

  test.each([
    ['', 'unable to parse'],
    ['ada', 'unable to parse'],
    ['email:', 'unable to parse'],
    ['email:"open', 'unable to parse'],
    ['email:"a"x', 'unable to parse'],
    ['AND email:"a"', 'unable to parse'],
    ['(email:"a")', 'unable to parse'],
    ['email:"a" AND', 'unable to parse'],
    ['email:"a" AND name:"b" OR phone:"c"', 'cannot combine AND and OR'],
    ['name~"ab"', 'at least 3 characters'],
    [Array.from({ length: 11 }, () => 'name:"a"').join(' AND '), 'at most 10 clauses'],
    ['nickname:"a"', 'Field `nickname` is an unsupported search field for resource `customers`.'],
    ['metadata:"a"', 'searched by key'],
    ['toString:"a"', 'unsupported search field'],
    ['email>"a"', 'cannot be used with the field `email`'],
    ['created~"123"', 'cannot be used with the field `created`'],
    ['created:"soon"', 'compared with a number'],
    ['created>null', 'cannot be used'],
  ])('%s is refused', (query, message) => {
    const refusal = new Bench().fail('customers.search', { query })
    expect(refusal).toMatchObject({ status: 400, type: 'invalid_request_error', param: 'query' })
    expect(refusal.message).toContain(message)
  })
})

test('customers are found by what they are called, and by what is kept of them', () => {
  const bench = new Bench()
  const ada = bench.run('customers.create', {
    name: 'Ada Lovelace',
    email: 'Ada@example.com',
    metadata: { plan: 'pro' },
  }).id
  bench.now += 60
  const bob = bench.run('customers.create', { name: 'Bob', metadata: { plan: 'basic' } }).id
  const search = (query: string): string[] => found(bench, 'customers', query)
  expect(search('email:"ada@EXAMPLE.com"')).toEqual([ada])
  expect(search('name~"lovel"')).toEqual([ada])
  expect(search('name:"ada"')).toEqual([])
  expect(search('metadata["plan"]:"pro" OR metadata["plan"]:"basic"')).toEqual([bob, ada])
  expect(search('-metadata["plan"]:"pro"')).toEqual([bob])
  expect(search('email:null')).toEqual([bob])
  expect(search('-email:null')).toEqual([ada])
  expect(search(`created>${bench.now - 60}`)).toEqual([bob])
  expect(search(`created>=${bench.now - 60} created<${bench.now}`)).toEqual([ada])
})

test('pages follow each other', () => {
  const bench = new Bench()
  const ids = Array.from({ length: 5 }, () => bench.customer(null)).toReversed()
  const query = 'email:"ada@example.com"'
  const seen: string[] = []
  let page: string | null = null
  do {
    const params: object = page === null ? { query, limit: 2 } : { query, limit: 2, page }
    const result: Result = bench.run<Result>('customers.search', params)
    expect(result).toMatchObject({
      object: 'search_result',
      url: '/v1/customers/search',
      has_more: result.next_page !== null,
    })
    seen.push(...result.data.map(({ id }) => id))
    page = result.next_page
  } while (page !== null && seen.length < 10)
  expect(seen).toEqual(ids)
  expect(bench.fail('customers.search', { query, page: 'nonsense' }).param).toBe('page')
})

test('every kind of object that can be searched is found by its fields', () => {
  const bench = new Bench()
  const customer = bench.customer()
  const price = bench.price({ amount: 2000 })
  const { product } = bench.get('prices', price)
  bench.run('prices.update', { lookup_key: 'pro' }, price)
  const subscription = bench.subscribe(customer, price, { metadata: { seat: '7' } })
  const invoice = bench.invoice(subscription.latest_invoice)
  const [charge] = bench.all('charges')
  const [intent] = bench.all('payment_intents')
  expect(found(bench, 'charges', `customer:"${customer}" AND amount:2000 AND refunded:"false"`)).toEqual([charge?.id])
  expect(
    found(bench, 'charges', 'payment_method_details.card.last4:4242 AND payment_method_details.card.brand:"visa"'),
  ).toEqual([charge?.id])
  expect(found(bench, 'payment_intents', `status:"succeeded" AND customer:"${customer}"`)).toEqual([intent?.id])
  expect(found(bench, 'invoices', `total>1999 AND subscription:"${subscription.id}"`)).toEqual([invoice.id])
  expect(found(bench, 'invoices', `number:"${invoice.number}"`)).toEqual([invoice.id])
  expect(found(bench, 'prices', `product:"${product}" AND active:"true" AND type:"recurring"`)).toEqual([price])
  expect(found(bench, 'prices', 'lookup_key:"pro"')).toEqual([price])
  expect(found(bench, 'products', 'name~"pro" AND active:"true" AND shippable:null')).toEqual([product])
  expect(found(bench, 'subscriptions', 'status:"active" AND metadata["seat"]:"7"')).toEqual([subscription.id])
  const other = bench.subscribe(bench.customer(), price)
  const theirs = other.latest_invoice
  expect(found(bench, 'invoices', `-customer:"${customer}"`)).toEqual([theirs])
  expect(found(bench, 'invoices', `customer:"${customer}" OR total>0`)).toEqual([theirs, invoice.id])
  bench.run('subscriptions.cancel', {}, other.id)
  expect(found(bench, 'subscriptions', 'canceled_at:null')).toEqual([subscription.id])
})
