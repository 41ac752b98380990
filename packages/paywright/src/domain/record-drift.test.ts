import { expect, test } from 'vitest'
import { findRecordDrift } from './record-drift.js'
import type { CustomerRecordKind, JsonObject, StoredRecord, WholeList } from './records.js'

const seen = { from: 1, until: 1 }

const stored = (kind: CustomerRecordKind, id: string, object: JsonObject = {}): StoredRecord => ({
  kind,
  id,
  object,
  seen,
  isDeleted: false,
})

const list = (
  kind: CustomerRecordKind,
  objects: Readonly<Record<string, JsonObject>>,
  of: string | null = null,
): WholeList => ({
  kind,
  of,
  members: Object.entries(objects).map(([id, object]) => ({ id, object })),
  seen,
})

test.each<[string, readonly StoredRecord[], WholeList, unknown]>([
  [
    'the same, in another order',
    [stored('charge', 'ch', { a: 1, b: { c: 2, d: 3 } })],
    list('charge', { ch: { b: { d: 3, c: 2 }, a: 1 } }),
    [],
  ],
  [
    'a receipt has another address each time',
    [stored('charge', 'ch', { receipt_url: 'a' })],
    list('charge', { ch: { receipt_url: 'b' } }),
    [],
  ],
  ['an open page is told by no event', [], list('checkoutSession', { cs: { status: 'open' } }), []],
  ['missing', [], list('refund', { re: {} }), [{ kind: 'refund', id: 're', problem: 'missing', fields: [] }]],
  [
    'different',
    [stored('charge', 'ch', { amount: 1 })],
    list('charge', { ch: { amount: 2 } }),
    [{ kind: 'charge', id: 'ch', problem: 'different', fields: [{ name: 'amount', ours: 1, stripe: 2 }] }],
  ],
  [
    'marked as gone, and there',
    [{ ...stored('taxId', 'txi'), isDeleted: true }],
    list('taxId', { txi: {} }),
    [{ kind: 'taxId', id: 'txi', problem: 'different', fields: [{ name: 'isDeleted', ours: true, stripe: false }] }],
  ],
  ['extra', [stored('taxId', 'txi')], list('taxId', {}), [{ kind: 'taxId', id: 'txi', problem: 'extra', fields: [] }]],
  ['marked as gone already', [{ ...stored('taxId', 'txi'), isDeleted: true }], list('taxId', {}), []],
  [
    'a line of another invoice',
    [stored('invoiceLine', 'il', { invoice: 'in_2' })],
    list('invoiceLine', {}, 'in_1'),
    [],
  ],
  [
    'a line too many',
    [stored('invoiceLine', 'il', { invoice: 'in_1' })],
    list('invoiceLine', {}, 'in_1'),
    [{ kind: 'invoiceLine', id: 'il', problem: 'extra', fields: [] }],
  ],
  ['a discount of one invoice', [stored('discount', 'di', { invoice: 'in_1' })], list('discount', {}), []],
])('%s', (_case, rows, read, drift) => {
  expect(findRecordDrift(rows, { lists: [read], records: [] })).toEqual(drift)
})
