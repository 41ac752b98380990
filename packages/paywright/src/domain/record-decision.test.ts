import { describe, expect, test } from 'vitest'
import { decideRecords, type RecordQuestion } from './record-decision.js'
import type { ListPayload, RecordPayload, StoredRecord } from './records.js'

const READ = { from: 1000, until: 1004 }

const intent = (createdAt: number, status: string, more: Partial<RecordPayload> = {}): RecordPayload => ({
  kind: 'paymentIntent',
  id: 'pi_1',
  createdAt,
  object: { id: 'pi_1', status },
  isDeleted: false,
  ...more,
})

const stored = (status: string, more: Partial<StoredRecord> = {}): StoredRecord => ({
  kind: 'paymentIntent',
  id: 'pi_1',
  object: { id: 'pi_1', status },
  seen: READ,
  isDeleted: false,
  ...more,
})

function ask(payloads: readonly RecordPayload[], question: Partial<RecordQuestion> = {}) {
  return decideRecords({ payloads, lists: [], stored: [], listsSeen: {}, ...question })
}

/** What was decided, in a word. */
function outcome({ writes, reads }: ReturnType<typeof decideRecords>): string {
  const [change] = writes.changes
  if (reads.length > 0) return 'read'
  if (change === undefined) return 'passed over'
  return change.deletedAt === null ? `written ${String(change.object['status'])}` : 'deleted'
}

describe('a payload of a record', () => {
  const row = [stored('processing')]
  test.each([
    ['that is not stored', [intent(999, 'processing')], [], 'written processing'],
    ['that is newer', [intent(1005, 'requires_action')], row, 'written requires_action'],
    ['that is older', [intent(999, 'requires_action')], row, 'passed over'],
    ['that may be either', [intent(1000, 'requires_action')], row, 'read'],
    ['that says what is stored', [intent(1002, 'processing')], row, 'passed over'],
    ['that must follow on what is stored', [intent(1000, 'succeeded')], row, 'written succeeded'],
    ['that what is stored must follow on', [intent(1004, 'processing')], [stored('succeeded')], 'passed over'],
    ['of a status that nobody knows', [intent(1004, 'thinking')], row, 'read'],
    [
      'of one that was deleted',
      [intent(2000, 'succeeded')],
      [stored('processing', { isDeleted: true })],
      'passed over',
    ],
    ['that does not show it', [intent(2000, '', { object: null })], row, 'read'],
    ['that does not show it and is older', [intent(999, '', { object: null })], row, 'passed over'],
  ])('%s', (_case, payloads, rows, expected) => {
    expect(outcome(ask(payloads, { stored: rows }))).toBe(expected)
  })

  test('is the newest of those that wait, in whatever order they came', () => {
    const [early, late] = [intent(2000, 'processing'), intent(2001, 'requires_action')]
    for (const payloads of [
      [early, late],
      [late, early],
    ])
      expect(outcome(ask(payloads))).toBe('written requires_action')
  })

  test('that shares its second with another one is asked about, unless one must be the last', () => {
    const [one, other, end] = ['processing', 'requires_action', 'succeeded'].map((status) => intent(2000, status))
    if (one === undefined || other === undefined || end === undefined) throw new Error('There are three.')
    expect(outcome(ask([one, other]))).toBe('read')
    expect(outcome(ask([one, { ...one }]))).toBe('written processing')
    expect(outcome(ask([end, one, other]))).toBe('written succeeded')
  })

  test('is of its one second once it is written', () => {
    expect(ask([intent(1005, 'succeeded')]).writes.changes[0]?.seen).toEqual({ from: 1005, until: 1005 })
  })

  test('of a customer of whom nobody knows the time is never trusted', () => {
    expect(outcome(ask([intent(2000, 'succeeded')], { listsSeen: null, stored: [stored('processing')] }))).toBe('read')
  })

  test('of one that the last whole list did not have is of the time before or after that', () => {
    const listsSeen = { paymentIntent: READ }
    expect(outcome(ask([intent(999, 'processing')], { listsSeen }))).toBe('passed over')
    expect(outcome(ask([intent(1002, 'processing')], { listsSeen }))).toBe('read')
    expect(outcome(ask([intent(1005, 'processing')], { listsSeen }))).toBe('written processing')
  })

  test('that names another record as changed has it read, unless it is newer already', () => {
    const charge = { kind: 'charge', id: 'ch_1', createdAt: 2000, object: null, isDeleted: false } as const
    expect(ask([charge]).reads).toEqual([{ kind: 'charge', id: 'ch_1', last: null }])
    const newer = { ...charge, createdAt: 2001, object: { id: 'ch_1', status: 'succeeded' } }
    expect(ask([charge, newer]).reads).toEqual([])
  })
})

describe('a deletion', () => {
  const deletion = intent(1000, 'gone', { isDeleted: true })

  test('is written, also where the object was never seen, and whatever else waits', () => {
    expect(outcome(ask([deletion]))).toBe('deleted')
    expect(outcome(ask([intent(3000, 'succeeded'), deletion]))).toBe('deleted')
    expect(outcome(ask([deletion], { stored: [stored('processing', { seen: { from: 2000, until: 2000 } })] }))).toBe(
      'deleted',
    )
    expect(outcome(ask([deletion], { listsSeen: null }))).toBe('deleted')
  })
})

describe('a list that an event tells of', () => {
  const list = (createdAt: number, ids: readonly string[] | null): ListPayload => ({
    kind: 'activeEntitlement',
    of: null,
    createdAt,
    members: ids === null ? null : ids.map((id) => ({ id, object: { id } })),
  })
  const rows = ['ent_1'].map((id): StoredRecord => ({ ...stored(''), kind: 'activeEntitlement', id, object: { id } }))
  const listsSeen = { activeEntitlement: READ }
  const decide = (lists: readonly ListPayload[], question: Partial<RecordQuestion> = {}) =>
    decideRecords({ payloads: [], lists, stored: rows, listsSeen, ...question })

  test.each([
    ['newer', list(1005, ['ent_2']), ['ent_2'], 0],
    ['empty', list(1005, []), [], 0],
  ])('%s: is written, and what is no member is gone', (_case, payload, keep, reads) => {
    const { writes, listReads, listsSeen: seen } = decide([payload])
    expect(writes.sweeps).toMatchObject([{ kind: 'activeEntitlement', of: null, keep, deletedAt: 1005 }])
    expect(listReads).toHaveLength(reads)
    expect(seen).toEqual({ activeEntitlement: { from: 1005, until: 1005 } })
  })

  test.each([
    ['older', list(999, ['ent_2']), 0],
    ['that says what is stored', list(1002, ['ent_1']), 0],
    ['that may be either', list(1002, ['ent_2']), 1],
    ['longer than it shows', list(1005, null), 1],
  ])('%s: writes nothing', (_case, payload, reads) => {
    const { writes, listReads } = decide([payload])
    expect(writes).toEqual({ changes: [], sweeps: [] })
    expect(listReads).toHaveLength(reads)
  })

  test('two different ones of a second are asked about, and so is any of a customer on a test clock', () => {
    expect(decide([list(1005, []), list(1005, ['ent_2'])]).listReads).toHaveLength(1)
    expect(decide([list(1005, [])], { listsSeen: null }).listReads).toHaveLength(1)
  })
})
