import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Records } from '../records.js'
import { Bench, DAY, HOUR, START } from '../testing/bench.js'
import { meteredPrice, reportUsage } from '../testing/metered.js'
import { drawCredits, type Payable, type Purse } from './draw.js'

const MONTH_END = Date.parse('2026-02-15T12:00:00Z') / 1000

const purse: Purse = {
  id: 'a',
  balance: 100,
  currency: 'usd',
  priority: 50,
  category: 'paid',
  effectiveAt: 0,
  expiresAt: null,
  createdAt: 0,
  prices: null,
}
const payable: Payable = { line: 'il_1', price: 'price_1', currency: 'usd', amount: 60, periodEnd: 10 }

describe('the order of spending', () => {
  it.each<[string, Partial<Purse>, Partial<Purse>]>([
    ['the smaller priority', { priority: 1 }, {}],
    ['what expires first', { expiresAt: 20 }, { expiresAt: 30 }],
    ['what expires at all', { expiresAt: 20 }, {}],
    ['what was given for nothing', { category: 'promotional' }, {}],
    ['what began first', { effectiveAt: 1 }, { effectiveAt: 2 }],
    ['what was made first', { createdAt: 1 }, { createdAt: 2 }],
    ['priority before expiry', { priority: 1 }, { expiresAt: 20 }],
    ['expiry before category', { expiresAt: 20 }, { category: 'promotional' }],
  ])('takes %s', (_, first, second) => {
    const purses = [
      { ...purse, id: 'second', ...second },
      { ...purse, id: 'first', ...first },
    ]
    expect(drawCredits(purses, [payable])).toEqual([{ grant: 'first', line: 'il_1', amount: 60 }])
  })

  it.each<[string, Partial<Purse>]>([
    ['another currency', { currency: 'eur' }],
    ['other prices', { prices: ['price_2'] }],
    ['a later beginning', { effectiveAt: 11 }],
    ['an end at the end of the period', { expiresAt: 10 }],
  ])('takes nothing of a grant with %s', (_, fields) => {
    expect(drawCredits([{ ...purse, ...fields }], [payable])).toEqual([])
  })

  it('never takes more than there is, nor more than is due', () => {
    const amounts = fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 6 })
    fc.assert(
      fc.property(amounts, amounts, (balances, due) => {
        const purses = balances.map((balance, index) => ({ ...purse, id: String(index), balance, priority: index }))
        const payables = due.map((amount, index) => ({ ...payable, line: String(index), amount }))
        const draws = drawCredits(purses, payables)
        const taken = (key: 'grant' | 'line', id: string): number =>
          draws.filter((draw) => draw[key] === id).reduce((sum, { amount }) => sum + amount, 0)
        for (const { id, balance } of purses) expect(taken('grant', id)).toBeLessThanOrEqual(balance)
        for (const { line, amount } of payables) expect(taken('line', line)).toBeLessThanOrEqual(amount)
        const all = draws.reduce((sum, { amount }) => sum + amount, 0)
        const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0)
        expect(all).toBe(Math.min(total(balances), total(due)))
      }),
    )
  })
})

describe('credit grants', () => {
  let bench: Bench
  let customer: string
  let price: string

  beforeEach(() => {
    bench = new Bench()
    customer = bench.customer()
    price = meteredPrice(bench, { unit_amount: 1 })
  })

  function give(value: number, params: object = {}): string {
    return bench.run('credit_grants.create', {
      amount: { type: 'monetary', monetary: { currency: 'usd', value } },
      applicability_config: { scope: { price_type: 'metered' } },
      customer,
      ...params,
    }).id
  }

  function useFor(value: number): Records['invoices'] {
    const { id } = bench.subscribe(customer, price)
    reportUsage(bench, customer, value)
    bench.advanceTo(MONTH_END + 2 * HOUR)
    return bench.invoice(bench.subscription(id).latest_invoice)
  }

  function balances(): readonly number[] {
    const filter = { type: 'applicability_scope', applicability_scope: { price_type: 'metered' } }
    const { balances: found } = bench.run<{ balances: { [kind: string]: { monetary: { value: number } } }[] }>(
      'credit_balance_summary.retrieve',
      { customer, filter },
    )
    return found.flatMap((entry) => [
      entry['available_balance']?.monetary.value ?? NaN,
      entry['ledger_balance']?.monetary.value ?? NaN,
    ])
  }

  it('pays usage before tax and balance, and the invoice says from which grants', () => {
    const first = give(300, { priority: 1 })
    const second = give(1000)
    const invoice = useFor(800)
    expect([invoice.subtotal, invoice.total, invoice.amount_due, invoice.status]).toEqual([800, 0, 0, 'paid'])
    const [line] = invoice.lines.data
    const credits = line?.pretax_credit_amounts ?? []
    expect(credits.map(({ amount, type }) => [amount, type])).toEqual([
      [300, 'credit_balance_transaction'],
      [500, 'credit_balance_transaction'],
    ])
    expect(invoice.total_pretax_credit_amounts).toEqual(credits)
    const entries = credits.map(({ credit_balance_transaction: id }) =>
      bench.get('credit_balance_transactions', id ?? ''),
    )
    expect(entries.map((entry) => [entry.credit_grant, entry.debit?.type])).toEqual([
      [first, 'credits_applied'],
      [second, 'credits_applied'],
    ])
    expect(balances()).toEqual([500, 500])
  })

  it('shows a preview no bookings, though its invoice would be final at once', () => {
    give(300)
    const { id: subscription, items } = bench.subscribe(customer, price)
    bench.run('meter_events.create', {
      event_name: 'api_call',
      payload: { stripe_customer_id: customer, value: '800' },
    })
    const preview = bench.run<Records['invoices']>('invoices.create_preview', {
      subscription,
      subscription_details: {
        items: [{ id: items.data[0]?.id, price: bench.price() }],
        proration_behavior: 'always_invoice',
      },
    })
    const credit = { amount: 300, credit_balance_transaction: null, type: 'credit_balance_transaction' }
    expect(preview.total_pretax_credit_amounts).toEqual([credit])
    expect(preview.lines.data.flatMap((line) => line.pretax_credit_amounts ?? [])).toEqual([credit])
    expect(balances()).toEqual([300, 300])
  })

  it('pays nothing that is billed in advance', () => {
    give(5000)
    const { latest_invoice: invoice } = bench.subscribe(customer, bench.price())
    expect(bench.invoice(invoice).amount_paid).toBe(2000)
    expect(balances()).toEqual([5000, 5000])
  })

  it('shows a draft what would be taken, and takes it when the invoice is final', () => {
    give(300)
    const { id } = bench.subscribe(customer, price)
    bench.run('meter_events.create', {
      event_name: 'api_call',
      payload: { stripe_customer_id: customer, value: '800' },
    })
    bench.advanceTo(MONTH_END + 60)
    const draft = bench.invoice(bench.subscription(id).latest_invoice)
    expect(draft.total_pretax_credit_amounts).toEqual([
      { amount: 300, credit_balance_transaction: null, type: 'credit_balance_transaction' },
    ])
    expect([draft.total, balances()]).toEqual([500, [300, 300]])
    bench.advanceTo(MONTH_END + 2 * HOUR)
    expect([bench.invoice(draft.id).amount_paid, balances()]).toEqual([500, [0, 0]])
  })

  it('gives back what a void invoice took', () => {
    const grant = give(300)
    bench.run('customers.update', { invoice_settings: { default_payment_method: '' } }, customer)
    const { id } = bench.run<{ id: string }>('subscriptions.create', {
      customer,
      items: [{ price }],
      collection_method: 'send_invoice',
      days_until_due: 30,
    })
    bench.run('meter_events.create', {
      event_name: 'api_call',
      payload: { stripe_customer_id: customer, value: '800' },
    })
    bench.advanceTo(MONTH_END + 2 * HOUR)
    const invoice = bench.subscription(id).latest_invoice ?? ''
    expect(balances()).toEqual([0, 0])
    bench.run('invoices.void', {}, invoice)
    expect(balances()).toEqual([300, 300])
    const types = bench
      .run<{ data: Records['credit_balance_transactions'][] }>('credit_balance_transactions.list', {
        customer,
        credit_grant: grant,
      })
      .data.map((entry) => entry.credit?.type ?? entry.debit?.type)
    expect(types).toEqual(['credits_application_invoice_voided', 'credits_applied', 'credits_granted'])
  })

  it('loses what is left when its time is over', () => {
    give(300, { expires_at: START + DAY })
    bench.advanceTo(START + DAY - 1)
    expect(balances()).toEqual([300, 300])
    bench.advanceTo(START + DAY)
    expect(balances()).toEqual([0, 0])
    expect(bench.lastEvent('billing.credit_balance_transaction.created').data.object).toMatchObject({
      type: 'debit',
      debit: { type: 'credits_expired', amount: { monetary: { value: 300 } } },
    })
  })

  it('counts for the ledger before it can be used', () => {
    give(300, { effective_at: START + DAY })
    expect(balances()).toEqual([0, 300])
  })

  it('moves its end, expires early, and can be made void while it was never used', () => {
    const grant = give(300, { expires_at: START + DAY })
    bench.run('credit_grants.update', { expires_at: '' }, grant)
    expect(bench.all('timers').filter(({ kind }) => kind === 'credit_grant.expire')).toEqual([])
    bench.advanceTo(START + 2 * DAY)
    expect(balances()).toEqual([300, 300])
    bench.run('credit_grants.void', {}, grant)
    expect([balances(), bench.get('credit_grants', grant).voided_at]).toEqual([[0, 0], START + 2 * DAY])
    expect(bench.fail('credit_grants.expire', {}, grant).message).toContain('voided')
    const other = give(200)
    bench.run('credit_grants.expire', {}, other)
    expect([balances(), bench.get('credit_grants', other).expires_at]).toEqual([[0, 0], START + 2 * DAY])
    expect(bench.fail('credit_grants.update', { expires_at: START + 9 * DAY }, other).message).toContain('expired')
  })

  it('cannot be made void once it was used', () => {
    const grant = give(300)
    useFor(100)
    expect(bench.fail('credit_grants.void', {}, grant).message).toContain('has been used')
  })

  it('keeps its books: what was granted is what was used, lost and left', () => {
    const commands = fc.array(fc.tuple(fc.integer({ min: 1, max: 400 }), fc.boolean()), { maxLength: 5 })
    const origin = bench
    fc.assert(
      fc.property(commands, fc.integer({ min: 0, max: 900 }), (grants, usage) => {
        bench = origin.fork()
        for (const [value, isShort] of grants) give(value, isShort ? { expires_at: START + DAY } : {})
        const invoice = useFor(usage)
        const lasting = grants.filter(([, isShort]) => !isShort).reduce((sum, [value]) => sum + value, 0)
        expect(invoice.total).toBe(Math.max(0, usage - lasting))
        expect(balances().reduce((sum, value) => sum + value, 0)).toBe(2 * Math.max(0, lasting - usage))
      }),
      { numRuns: 15 },
    )
  })
})
