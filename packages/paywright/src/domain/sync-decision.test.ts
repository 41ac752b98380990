import { describe, expect, test } from 'vitest'
import type { CustomerState } from './mirror.js'
import { decideSync, type EventReading, type Knowledge, type MirrorObject, type SyncQuestion } from './sync-decision.js'
import {
  createCustomer,
  createCustomerState,
  createInvoice,
  createPrice,
  createSubscription,
} from './testing/factories.js'

const NO_RECORDS = { records: [], lists: [] }

const READ = { from: 1000, until: 1004 }

const subscription = (status: string): MirrorObject => ({
  kind: 'subscription',
  id: 'sub_1',
  raw: { sub_1: { status } },
  object: createSubscription({ status }),
  prices: [createPrice()],
})

const invoice = (id: string, status = 'open'): MirrorObject => ({
  kind: 'invoice',
  id,
  raw: { [id]: {} },
  object: createInvoice({ stripeInvoiceId: id, status }),
  lines: [],
})

const says = (createdAt: number, now: MirrorObject, names: EventReading['names'] = []): EventReading => ({
  type: 'any',
  createdAt,
  says: { kind: 'object', now },
  names,
  ...NO_RECORDS,
})

const unclear = (createdAt: number): EventReading => ({
  type: 'payment_method.detached',
  createdAt,
  says: { kind: 'unclear' },
  names: [],
  ...NO_RECORDS,
})

const nothing = (names: EventReading['names'] = []): EventReading => ({
  ...unclear(2000),
  type: 'charge.succeeded',
  says: { kind: 'nothing' },
  names,
})

const STATE = createCustomerState({ subscriptions: [createSubscription()], invoices: [createInvoice()] })

function ask(
  pending: readonly EventReading[] | null,
  {
    objects = {},
    state = STATE,
    ...question
  }: Partial<SyncQuestion> & { objects?: Knowledge['objects']; state?: CustomerState } = {},
) {
  const stored = { state, knowledge: { read: READ, objects } }
  return decideSync({ stored, pending, isReadWanted: false, ...question })
}

const FETCH = { kind: 'fetch' }

describe('Stripe is asked for everything', () => {
  const one = [says(2000, subscription('past_due'))]
  test.each([
    ['where somebody wants to know how it is now', ask(one, { isReadWanted: true })],
    ['where nothing came and only time has passed', ask([])],
    ['where too much waits to look at', ask(null)],
    ['where nobody knows of what instant the stored state is', ask(one, { stored: { state: STATE, knowledge: null } })],
    ['where the customer was never seen', ask(one, { stored: null })],
    [
      'where the customer is deleted',
      ask(one, { state: createCustomerState({ customer: createCustomer({ isDeleted: true }) }) }),
    ],
    ['where a change does not say what has become of it', ask([...one, unclear(1000)])],
    ['where reading one by one costs as much', ask(['a', 'b', 'c', 'd'].map((id) => says(1002, invoice(id))))],
    [
      'where very many were renewed one by one',
      ask(one, { objects: Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`in_${index}`, READ])) }),
    ],
  ])('%s', (_case, decision) => expect(decision).toEqual(FETCH))

  test('but not for what was before the last read', () => {
    expect(ask([unclear(999)])).toMatchObject({ kind: 'apply', renewals: [], reads: [] })
  })
})

describe('a payload', () => {
  const now = subscription('past_due')

  test('of a later second than what is stored is applied, and is of that second', () => {
    expect(ask([says(1005, now)])).toMatchObject({
      kind: 'apply',
      renewals: [{ now, seen: { from: 1005, until: 1005 } }],
      reads: [],
    })
  })

  test.each([1000, 1004])('of a second within the last read (%i) is asked about', (second) => {
    expect(ask([says(second, now)])).toMatchObject({ renewals: [], reads: [{ kind: 'subscription', id: 'sub_1' }] })
  })

  test('of an earlier second is passed over', () => {
    expect(ask([says(999, now)])).toMatchObject({ kind: 'apply', renewals: [], reads: [] })
  })

  test('is held against the payload that was applied before it, not against the last read', () => {
    const objects = { sub_1: { from: 1500, until: 1500 } }
    expect(ask([says(1499, now)], { objects })).toMatchObject({ renewals: [], reads: [] })
    expect(ask([says(1500, now)], { objects })).toMatchObject({ renewals: [], reads: [{ id: 'sub_1' }] })
    expect(ask([says(1501, now)], { objects })).toMatchObject({ renewals: [{ now }], reads: [] })
  })

  test('is the newest of those that wait, in whatever order they came', () => {
    const [early, late] = [says(2000, subscription('active')), says(2001, now)]
    for (const pending of [
      [early, late],
      [late, early],
    ])
      expect(ask(pending)).toMatchObject({ renewals: [{ now }] })
  })

  test('that shares its second with another one of the object is asked about, unless both say the same', () => {
    expect(ask([says(2000, now), says(2000, subscription('active'))])).toMatchObject({
      renewals: [],
      reads: [{ id: 'sub_1' }],
    })
    expect(ask([says(2000, now), says(2000, subscription('past_due'))])).toMatchObject({
      renewals: [{ now }],
      reads: [],
    })
  })

  test('of an object that is not stored counts as one that the last read did not find', () => {
    expect(ask([says(1005, invoice('in_new'))])).toMatchObject({ renewals: [{ now: { id: 'in_new' } }] })
    expect(ask([says(1003, invoice('in_new'))])).toMatchObject({ renewals: [], reads: [{ id: 'in_new' }] })
  })
})

describe('a status that can be followed only in one direction', () => {
  test('tells which is newer where the time does not', () => {
    const state = createCustomerState({ invoices: [createInvoice({ stripeInvoiceId: 'in_1', status: 'open' })] })
    expect(ask([says(1002, invoice('in_1', 'paid'))], { state })).toMatchObject({
      renewals: [{ now: { id: 'in_1' }, seen: { from: 1002, until: 1002 } }],
      reads: [],
    })
    expect(ask([says(1002, invoice('in_1', 'draft'))], { state })).toMatchObject({ renewals: [], reads: [] })
    expect(ask([says(1002, invoice('in_1', 'open'))], { state })).toMatchObject({
      renewals: [],
      reads: [{ id: 'in_1' }],
    })
  })

  test('tells which of two payloads of one second is the last', () => {
    const all = ['draft', 'open', 'paid'].map((status) => says(2000, invoice('in_2', status)))
    for (const pending of [all, all.toReversed()]) {
      expect(ask(pending)).toMatchObject({ renewals: [{ now: { object: { status: 'paid' } } }], reads: [] })
    }
  })

  test('does not bring back what was before the last read', () => {
    expect(ask([says(999, invoice('in_1', 'paid'))])).toMatchObject({ renewals: [], reads: [] })
  })
})

describe('events on which access does not depend', () => {
  test.each([
    ['of a customer of whom nobody knows the time', { stored: { state: STATE, knowledge: null } }],
    ['of a customer who is deleted', { state: createCustomerState({ customer: createCustomer({ isDeleted: true }) }) }],
  ])('ask nothing about the customer, also %s', (_case, question) => {
    expect(ask([nothing()], question)).toMatchObject({ kind: 'apply', renewals: [], reads: [] })
  })

  test('have what they name read, and the whole customer where nobody knows the time', () => {
    const names = [{ kind: 'subscription', id: 'sub_2' } as const]
    expect(ask([nothing(names)])).toMatchObject({ kind: 'apply', reads: names })
    expect(ask([nothing(names)], { stored: { state: STATE, knowledge: null } })).toEqual(FETCH)
  })

  test('of a customer who is not stored have them read', () => {
    expect(ask([nothing()], { stored: null })).toEqual(FETCH)
  })
})

test('an object that a payload does not show whole is read, unless it is newer already', () => {
  const changed = (createdAt: number): EventReading => ({
    ...nothing(),
    createdAt,
    says: { kind: 'changed', ref: { kind: 'invoice', id: 'in_1' } },
  })
  expect(ask([changed(1005)])).toMatchObject({ renewals: [], reads: [{ kind: 'invoice', id: 'in_1' }] })
  expect(ask([changed(999)])).toMatchObject({ renewals: [], reads: [] })
})

describe('objects that are named', () => {
  const names = [{ kind: 'subscription', id: 'sub_2' } as const]

  test('and not stored are read: their own events come late, or never', () => {
    expect(ask([says(2000, invoice('in_2'), names)])).toMatchObject({
      reads: names,
      renewals: [{ now: { id: 'in_2' } }],
    })
  })

  test('and whose payload waits, too, or that are stored, are not', () => {
    const own = says(2000, { ...subscription('active'), id: 'sub_2' })
    expect(ask([says(2000, invoice('in_2'), names), own])).toMatchObject({ reads: [] })
    expect(ask([says(2000, invoice('in_2'), [{ kind: 'subscription', id: 'sub_1' }])])).toMatchObject({ reads: [] })
  })
})

describe('a customer who was just made', () => {
  const made: EventReading = {
    ...says(1000, { kind: 'customer', id: 'cus_1', raw: {}, object: createCustomer() }),
    type: 'customer.created',
  }

  test('had nothing before, so nothing needs to be read', () => {
    expect(ask([says(1001, subscription('active')), made], { stored: null })).toMatchObject({
      kind: 'apply',
      base: { state: { subscriptions: [] }, knowledge: { read: { from: 1000, until: 1000 } } },
      renewals: [{ now: { id: 'sub_1' } }, { now: { id: 'cus_1' } }],
    })
  })

  test('is still asked about where a payload is of the same second', () => {
    expect(ask([says(1000, subscription('active')), made], { stored: null })).toMatchObject({
      reads: [{ id: 'sub_1' }],
    })
  })

  test('is not made anew where the customer is stored and nobody knows of what instant', () => {
    expect(ask([made], { stored: { state: STATE, knowledge: null } })).toEqual(FETCH)
  })
})
