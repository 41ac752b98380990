import { describe, expect, test } from 'vitest'
import { passesCheckDigit, TEST_CARDS } from './cards.js'
import { NATIONAL_NUMBERS } from './national-cards.js'
import { Bench, START } from '../testing/bench.js'

interface Row {
  readonly number: string
  readonly brand: string
  /** What an attempt to keep the card for a customer comes to. */
  readonly attach: string
  /** What a payment with the customer there comes to, and one after the customer passed the bank's page. */
  readonly onSession: string
  readonly authenticated: string
  /** What a payment without the customer comes to, before and after the card was set up for it. */
  readonly offSession: string
  readonly afterSetup: string
}

const paid = 'succeeded'
const asks = 'requires_action'
const needs = 'authentication_required/authentication_required'

/** number, brand, attach, on session, authenticated, off session, off session after setup; `-` where it cannot be. */
const table = `
4242424242424242 visa       ok ok - ok ok
4000056655665556 visa       ok ok - ok ok
5555555555554444 mastercard ok ok - ok ok
2223003122003222 mastercard ok ok - ok ok
5200828282828210 mastercard ok ok - ok ok
5105105105105100 mastercard ok ok - ok ok
378282246310005  amex       ok ok - ok ok
371449635398431  amex       ok ok - ok ok
6011111111111117 discover   ok ok - ok ok
6011000990139424 discover   ok ok - ok ok
6011981111111113 discover   ok ok - ok ok
3056930009020004 diners     ok ok - ok ok
36227206271667   diners     ok ok - ok ok
3566002020360505 jcb        ok ok - ok ok
6200000000000005 unionpay   ok ok - ok ok
4000000000000002 visa card_declined/generic_decline        same - same -
4000000000009995 visa card_declined/insufficient_funds     same - same -
4000000000009987 visa card_declined/lost_card              same - same -
4000000000009979 visa card_declined/stolen_card            same - same -
4000000000000069 visa expired_card/expired_card            same - same -
4000000000000127 visa incorrect_cvc/incorrect_cvc          same - same -
4000000000000119 visa processing_error/processing_error    same - same -
4000000000006975 visa card_declined/card_velocity_exceeded same - same -
4000000000000341 visa ok card_declined/generic_decline    - same same
4100000000000019 visa ok card_declined/fraudulent         - same same
4000000000004954 visa ok card_declined/fraudulent         - same same
4000000000009235 visa ok ok - ok ok
4000000000000101 visa ok ok - ok ok
4000000000000036 visa ok ok - ok ok
4000000000000028 visa ok ok - ok ok
4000000000000010 visa ok ok - ok ok
4000002500003155 visa ok asks ok needs ok
4000002760003184 visa ok asks ok needs needs
4000003800000446 visa ok asks ok ok ok
4000008260003178 visa ok asks card_declined/insufficient_funds needs needs
4000000000003220 visa ok asks ok needs needs
4000000000003063 visa ok asks ok needs needs
4000008400001629 visa ok asks card_declined/generic_decline needs needs
4000008400001280 visa ok card_declined/generic_decline    - same same
4000000000003055 visa ok ok - ok ok
4000000000003097 visa ok ok - ok ok
`

const rows: Row[] = table
  .trim()
  .split('\n')
  .map((line) => {
    const [number = '', brand = '', attach = '', on = '', authenticated = '', off = '', later = ''] = line.split(/ +/)
    const word = (text: string, same: string): string => ({ ok: paid, asks, needs, same })[text] ?? text
    const onSession = word(on, attach)
    const offSession = word(off, onSession)
    const afterSetup = word(later, offSession)
    return { number, brand, attach, onSession, authenticated: word(authenticated, onSession), offSession, afterSetup }
  })

/** Cards that pay as 4242 does; what sets them apart comes afterwards, or is the country. */
const PAYING = Object.entries(TEST_CARDS).filter(([number, card]) => {
  const isNational = Object.values(NATIONAL_NUMBERS).includes(number)
  return isNational || card.refund || card.dispute || card.isWarnedOf || card.skipsPending
})

test('every test card is in one of the two tables', () => {
  const numbers = [...rows.map((row) => row.number), ...PAYING.map(([number]) => number)]
  expect(numbers.toSorted()).toEqual(Object.keys(TEST_CARDS).toSorted())
  expect(numbers.filter((number) => !passesCheckDigit(number))).toEqual([])
})

function cardOf(bench: Bench, number: string): string {
  return bench.run('payment_methods.create', {
    type: 'card',
    card: { number, exp_month: 8, exp_year: 2030, cvc: '314' },
  }).id
}

interface Intent {
  readonly id: string
  readonly status: string
  readonly next_action: { readonly redirect_to_url: { readonly url: string } } | null
}

function pay(bench: Bench, params: object): { readonly outcome: string; readonly intent?: Intent } {
  const base = { amount: 2000, currency: 'usd', confirm: true, return_url: 'https://example.com/back' }
  const intent = bench.try<Intent>('payment_intents.create', { ...base, ...params })
  if (intent !== undefined) return { outcome: intent.status, intent }
  const { error } = lastFailure(bench)
  return { outcome: error }
}

function lastFailure(bench: Bench): { error: string } {
  const intents = bench.all('payment_intents')
  const error = intents.at(-1)?.last_payment_error
  return { error: `${error?.code}/${error?.decline_code}` }
}

test.each(rows.filter(({ attach }) => attach === 'ok'))('$number is attached', ({ number }) => {
  const bench = new Bench()
  const customer = bench.customer(null)
  const id = cardOf(bench, number)
  bench.run('payment_methods.attach', { customer }, id)
  expect(bench.get('payment_methods', id).customer).toBe(customer)
})

test.each(rows.filter(({ attach }) => attach !== 'ok'))('$number is not attached: $attach', ({ number, attach }) => {
  const bench = new Bench()
  const customer = bench.customer(null)
  const id = cardOf(bench, number)
  const refusal = bench.fail('payment_methods.attach', { customer }, id)
  expect(`${refusal.code}/${refusal.decline_code}`).toBe(attach)
  expect(refusal).toMatchObject({ status: 402, type: 'card_error' })
  expect(bench.get('payment_methods', id).customer).toBeNull()
})

describe.each(rows)('$number ($brand)', (row) => {
  test('has its brand and last four digits', () => {
    const bench = new Bench()
    const id = cardOf(bench, row.number)
    expect(bench.get('payment_methods', id).card).toMatchObject({ brand: row.brand, last4: row.number.slice(-4) })
  })

  test(`with the customer there: ${row.onSession}`, () => {
    const bench = new Bench()
    expect(pay(bench, { payment_method: cardOf(bench, row.number) }).outcome).toBe(row.onSession)
  })

  test(`without the customer: ${row.offSession}`, () => {
    const bench = new Bench()
    expect(pay(bench, { payment_method: cardOf(bench, row.number), off_session: true }).outcome).toBe(row.offSession)
  })
})

describe.each(rows.filter((row) => row.onSession === asks))('$number asks for its owner', (row) => {
  test(`who passes: ${row.authenticated}`, () => {
    const bench = new Bench()
    const { intent } = pay(bench, { payment_method: cardOf(bench, row.number) })
    expect(intent?.next_action?.redirect_to_url.url).toBe(`http://localhost/3ds/${intent?.id}`)
    bench.run('authentication_pages.answer', { outcome: 'succeeded' }, intent?.id)
    const { status } = bench.get('payment_intents', intent?.id ?? '')
    expect(status === paid ? paid : lastFailure(bench).error).toBe(row.authenticated)
  })

  test('who does not pass: nothing is charged', () => {
    const bench = new Bench()
    const { intent } = pay(bench, { payment_method: cardOf(bench, row.number) })
    bench.run('authentication_pages.answer', { outcome: 'failed' }, intent?.id)
    expect(bench.get('payment_intents', intent?.id ?? '')).toMatchObject({
      status: 'requires_payment_method',
      payment_method: null,
      last_payment_error: { code: 'payment_intent_authentication_failure', type: 'invalid_request_error' },
    })
    expect(bench.all('charges')).toEqual([])
  })
})

describe.each(rows.filter((row) => row.attach === 'ok'))('$number set up for later', (row) => {
  test(`pays without its owner: ${row.afterSetup}`, () => {
    const bench = new Bench()
    const customer = bench.customer(null)
    const id = cardOf(bench, row.number)
    const params = { customer, payment_method: id, confirm: true, return_url: 'https://example.com/back' }
    const setup = bench.run<Intent>('setup_intents.create', params)
    if (setup.status === asks) bench.run('authentication_pages.answer', { outcome: 'succeeded' }, setup.id)
    expect(bench.get('setup_intents', setup.id).status).toBe(paid)
    expect(pay(bench, { customer, payment_method: id, off_session: true }).outcome).toBe(row.afterSetup)
  })
})

test.each(rows.filter((row) => row.attach !== 'ok'))('$number cannot be set up for later either', (row) => {
  const bench = new Bench()
  const customer = bench.customer(null)
  const params = {
    customer,
    payment_method: cardOf(bench, row.number),
    confirm: true,
    return_url: 'https://example.com',
  }
  const refusal = bench.fail('setup_intents.create', params)
  expect(`${refusal.code}/${refusal.decline_code}`).toBe(row.attach)
  expect(bench.takeEvents()).toEqual(['customer.created', 'setup_intent.created', 'setup_intent.setup_failed'])
})

test.each(PAYING)('%s pays as 4242 does', (number) => {
  const bench = new Bench()
  expect(pay(bench, { payment_method: cardOf(bench, number) }).outcome).toBe(paid)
})

test.each([
  ['pm_card_visa', '4242'],
  ['tok_visa', '4242'],
  ['pm_card_mastercard', '4444'],
  ['pm_card_amex', '8431'],
  ['pm_card_discover', '9424'],
  ['pm_card_chargeCustomerFail', '0341'],
  ['pm_card_chargeDeclined', '0002'],
  ['pm_card_visa_chargeDeclinedLostCard', '9987'],
  ['pm_card_authenticationRequired', '3184'],
  ['pm_card_authenticationRequiredOnSetup', '3155'],
  ['pm_card_threeDSecure2Required', '3220'],
  ['pm_card_threeDSecureRequired', '3063'],
  ['pm_card_threeDSecureRequiredProcessingError', '1280'],
  ['tok_threeDSecureOptionalProcessingError', '3097'],
  ['tok_chargeDeclinedExpiredCard', '0069'],
])('%s is the card that ends in %s', (name, last4) => {
  const bench = new Bench()
  const { id } = name.startsWith('tok_')
    ? bench.run('payment_methods.create', { type: 'card', card: { token: name } })
    : bench.run('payment_methods.retrieve', {}, name)
  expect(bench.get('payment_methods', id).card?.last4).toBe(last4)
})

test.each([
  [{ number: '4242424242424241' }, 'incorrect_number', 'number'],
  [{ number: '4242' }, 'incorrect_number', 'number'],
  [{ exp_month: 13 }, 'invalid_expiry_month', 'exp_month'],
  [{ exp_month: 0 }, 'invalid_expiry_month', 'exp_month'],
  [{ exp_year: 2025 }, 'invalid_expiry_year', 'exp_year'],
  [{ exp_year: 2100 }, 'invalid_expiry_year', 'exp_year'],
  [{ cvc: '99' }, 'invalid_cvc', 'cvc'],
])('a card with %o is refused: %s', (fields, code, param) => {
  const card = { number: '4242424242424242', exp_month: 8, exp_year: 2030, cvc: '314', ...fields }
  const refusal = new Bench().fail('payment_methods.create', { type: 'card', card })
  expect(refusal).toMatchObject({ code, param, status: 402, type: 'card_error' })
})

test('a card is good to the end of its month', () => {
  const bench = new Bench()
  const { number } = { number: '4242424242424242' }
  const until = { exp_month: 1, exp_year: 2026 }
  bench.run('payment_methods.create', { type: 'card', card: { number, ...until } })
  bench.now = START + 17 * 86_400
  expect(bench.fail('payment_methods.create', { type: 'card', card: { number, ...until } }).code).toBe(
    'invalid_expiry_month',
  )
})

test('a card of a magic name runs out in the same month of the next year', () => {
  const bench = new Bench()
  bench.now = Date.parse('2027-12-31T23:59:59Z') / 1000
  const { id } = bench.run('payment_methods.retrieve', {}, 'pm_card_visa')
  expect(bench.get('payment_methods', id).card).toMatchObject({ exp_month: 12, exp_year: 2028 })
})
