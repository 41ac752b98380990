import { expect, test } from 'vitest'
import { decodeForm, withoutKey } from './form-codec.js'

test.each([
  ['', {}],
  ['a=1', { a: '1' }],
  ['a=1&b=two+words%21', { a: '1', b: 'two words!' }],
  ['metadata[order]=6735', { metadata: { order: '6735' } }],
  [
    'items[0][price]=p&items[0][quantity]=2&items[1][price]=q',
    { items: { 0: { price: 'p', quantity: '2' }, 1: { price: 'q' } } },
  ],
  ['expand[]=customer&expand[]=items', { expand: { 0: 'customer', 1: 'items' } }],
  ['created[gte]=5', { created: { gte: '5' } }],
  ['pause_collection=', { pause_collection: '' }],
  ['metadata[a%5Bb%5D]=c', { metadata: { 'a[b]': 'c' } }],
  ['name=100%', { name: '100%' }],
  ['flag', { flag: '' }],
])('%s', (text, form) => {
  expect(JSON.parse(JSON.stringify(decodeForm(text)))).toEqual(form)
})

test('a name that means something to JavaScript is only a name', () => {
  const form = decodeForm('__proto__[polluted]=1&constructor=2')
  expect(Object.keys(form)).toEqual(['__proto__', 'constructor'])
  expect(({} as { polluted?: string }).polluted).toBeUndefined()
})

test('a key taken out leaves the form as it was', () => {
  const form = decodeForm('expand[0]=a&name=b')
  expect({ ...withoutKey(form, 'expand') }).toEqual({ name: 'b' })
  expect(Object.keys(form)).toEqual(['expand', 'name'])
})
