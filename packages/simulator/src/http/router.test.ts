import { expect, test } from 'vitest'
import { createRouter } from './router.js'

const match = createRouter({
  'GET /v1/customers': 'list',
  'GET /v1/customers/:id': 'retrieve',
  'GET /v1/customers/search': 'search',
  'GET /v1/customers/:customer/cards/:id': 'card',
})

test.each([
  ['/v1/customers', 'list', {}],
  ['/v1/customers/cus_1', 'retrieve', { id: 'cus_1' }],
  ['/v1/customers/a%2Fb', 'retrieve', { id: 'a/b' }],
  ['/v1/customers/search', 'search', {}],
  ['/v1/customers/cus_1/cards/card_2', 'card', { customer: 'cus_1', id: 'card_2' }],
])('%s', (path, target, values) => {
  expect(match('GET', path)).toMatchObject({ target, path: values })
})

test.each(['/v1/customers/', '/v1', '/', '/v1/customers/cus_1/cards', '/v1/customers//cards/card_2'])(
  'nothing at %s',
  (path) => {
    expect(match('GET', path)).toBeUndefined()
  },
)

test('the method counts', () => {
  expect(match('DELETE', '/v1/customers/cus_1')).toBeUndefined()
})
