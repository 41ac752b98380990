import { expect, test } from 'vitest'
import { StripeError } from '../core/error.js'
import { decodeForm } from './form-codec.js'
import { readParameters } from './parameters.js'

function read(route: string, text: string): unknown {
  return readParameters(route, decodeForm(text))
}

function refusal(route: string, text: string): object {
  try {
    read(route, text)
  } catch (error) {
    if (error instanceof StripeError) return { status: error.status, ...error.body }
    throw error
  }
  throw new Error(`${route} ${text} was expected to be refused.`)
}

const customers = 'POST /v1/customers'
const subscriptions = 'POST /v1/subscriptions'
const subscription = 'POST /v1/subscriptions/:id'

test.each([
  [customers, 'email=a%40b.c&balance=-100', { email: 'a@b.c', balance: -100 }],
  [customers, 'metadata[count]=7&metadata[empty]=', { metadata: { count: '7', empty: '' } }],
  [customers, 'metadata=', { metadata: '' }],
  [customers, 'preferred_locales[0]=de&preferred_locales[1]=en', { preferred_locales: ['de', 'en'] }],
  [customers, 'name=', {}],
  ['POST /v1/customers/:id', 'name=', { name: '' }],
  ['POST /v1/customers/:id', 'address=', { address: '' }],
  [
    subscriptions,
    'customer=cus_1&items[0][price]=price_1&items[0][quantity]=3&off_session=true&trial_end=now',
    { customer: 'cus_1', items: [{ price: 'price_1', quantity: 3 }], off_session: true, trial_end: 'now' },
  ],
  [subscriptions, 'customer=cus_1&trial_end=1900000000', { customer: 'cus_1', trial_end: 1_900_000_000 }],
  [subscription, 'pause_collection=', { pause_collection: '' }],
  [subscription, 'cancel_at=min_period_end', { cancel_at: 'min_period_end' }],
  [subscription, 'discounts=', { discounts: '' }],
  ['POST /v1/prices', 'currency=usd&unit_amount_decimal=12.5', { currency: 'usd', unit_amount_decimal: '12.5' }],
  ['GET /v1/customers', 'limit=3&created[gte]=5', { limit: 3, created: { gte: 5 } }],
  ['GET /v1/customers', 'created=5', { created: 5 }],
])('%s %s', (route, text, params) => {
  expect(read(route, text)).toEqual(params)
})

test.each([
  [customers, 'foo=1', { code: 'parameter_unknown', message: 'Received unknown parameter: foo', param: 'foo' }],
  [customers, 'foo=1&bar=2', { code: 'parameter_unknown', message: 'Received unknown parameters: foo, bar' }],
  [
    subscriptions,
    'customer=c&items[0][prize]=p',
    { message: 'Received unknown parameter: items[0][prize]', param: 'items[0][prize]' },
  ],
  [customers, 'toString=1', { code: 'parameter_unknown', param: 'toString' }],
  [customers, 'balance=abc', { code: 'parameter_invalid_integer', message: 'Invalid integer: abc', param: 'balance' }],
  [customers, 'balance=1.5', { code: 'parameter_invalid_integer', message: 'Invalid integer: 1.5' }],
  [subscription, 'cancel_at_period_end=maybe', { message: 'Invalid boolean: maybe', param: 'cancel_at_period_end' }],
  [subscriptions, 'customer=c&items=x', { message: 'Invalid array', param: 'items' }],
  [customers, 'tax=x', { message: 'Invalid object', param: 'tax' }],
  [customers, 'email[a]=b', { message: 'Invalid string: {"a":"b"}', param: 'email' }],
  [subscriptions, 'customer=c&trial_end=soon', { message: 'Invalid integer: soon', param: 'trial_end' }],
  [
    subscription,
    'proration_behavior=later',
    { message: 'Invalid proration_behavior: must be one of always_invoice, create_prorations, or none' },
  ],
  ['POST /v1/prices', 'unit_amount=1', { code: 'parameter_missing', message: 'Missing required param: currency.' }],
  [
    'POST /v1/prices',
    'currency=usd&recurring[interval_count]=2',
    {
      code: 'parameter_missing',
      message: 'Missing required param: recurring[interval].',
      param: 'recurring[interval]',
    },
  ],
  [
    subscriptions,
    'customer=',
    {
      code: 'parameter_invalid_empty',
      message:
        "You passed an empty string for 'customer'. We assume empty values are an attempt to unset a parameter; however " +
        "'customer' cannot be unset. You should remove 'customer' from your request or supply a non-empty value.",
    },
  ],
  ['GET /v1/customers', 'limit=0', { code: 'parameter_invalid_integer', param: 'limit' }],
  ['GET /v1/customers', 'limit=101', { code: 'parameter_invalid_integer', param: 'limit' }],
  [
    'POST /v1/checkout/sessions',
    'payment_method_types[0]=card',
    { code: 'payment_method_types_no_longer_supported', param: 'payment_method_types' },
  ],
])('%s %s is refused', (route, text, error) => {
  expect(refusal(route, text)).toMatchObject({ status: 400, type: 'invalid_request_error', ...error })
})
