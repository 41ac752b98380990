import assert from 'node:assert/strict'
import type { OutboxRow } from '../../engine/ports.js'
import { buildEffect, buildMail, buildState } from './factories.js'
import type { Bench, StoreCase } from './harness.js'
import { CUSTOMER, LEASE, NOW } from './harness.js'

const TOKEN = 'outbox_token'

export const TELLING: readonly StoreCase[] = [
  {
    name: 'messages of one subject and topic are delivered in order, one at a time; mails do not wait for effects',
    run: async (bench) => {
      await tell(bench, { effects: ['e1', 'e2'], mails: ['m1'] })
      const first = await take(bench)
      assert.deepEqual(keysOf(first), ['e1', 'm1'])
      assert.deepEqual(await take(bench), [])
      await bench.store.finishOutbox(messageOf(first, 'e1'), TOKEN, NOW)
      assert.deepEqual(keysOf(await take(bench)), ['e2'])
    },
  },
  {
    name: 'messages of different subjects do not wait for one another',
    run: async (bench) => {
      await tell(bench, { effects: ['e1', 'e2'] })
      await tell(bench, { effects: ['f1'] }, 'cus_2')
      assert.deepEqual(keysOf(await take(bench)), ['e1', 'f1'])
    },
  },
  {
    name: 'a key that was told before is not told again',
    run: async (bench) => {
      await tell(bench, { effects: ['e1'] })
      await tell(bench, { effects: ['e1', 'e2'] })
      const rows = await takeAll(bench)
      assert.deepEqual(keysOf(rows), ['e1', 'e2'])
      const numbers = rows.map(({ number }) => number)
      assert.deepEqual(
        numbers,
        numbers.toSorted((a, b) => Number(a - b)),
      )
    },
  },
  {
    name: 'a message comes back as it was written',
    run: async (bench) => {
      await tell(bench, { effects: ['e1'], mails: ['m1'] })
      const rows = await take(bench)
      assert.deepEqual(messageOf(rows, 'e1').message, { topic: 'effect', effect: buildEffect('e1') })
      assert.deepEqual(messageOf(rows, 'm1').message, { topic: 'mail', mail: buildMail('m1') })
    },
  },
  {
    name: 'a message that failed holds back the next ones of its topic until it was delivered',
    run: async (bench) => {
      await tell(bench, { effects: ['e1', 'e2'] })
      const [row] = await take(bench)
      assert.ok(row)
      await bench.store.releaseOutbox(row, { token: TOKEN, error: 'no', retryAt: NOW + 60, now: NOW })
      assert.deepEqual(await take(bench, NOW + 59), [])
      const again = await take(bench, NOW + 60)
      assert.deepEqual(keysOf(again), ['e1'])
      assert.equal(again[0]?.attempts, 2)
    },
  },
  {
    name: 'a message given up is a dead letter, lets the next ones pass, and comes back by replay',
    run: async (bench) => {
      const { store, scope } = bench
      await tell(bench, { mails: ['m1', 'm2'] })
      const [row] = await take(bench)
      assert.ok(row)
      await store.releaseOutbox(row, { token: TOKEN, error: 'no such mailbox', retryAt: null, now: NOW + 1 })
      const letter = { kind: 'mail', subject: CUSTOMER, number: row.number, attempts: 1, error: 'no such mailbox' }
      assert.deepEqual(await store.deadLetters(scope), [{ ...letter, at: NOW + 1 }])
      assert.deepEqual(keysOf(await takeAll(bench)), ['m2'])
      assert.equal(await store.replayDeadLetters(scope, NOW + 2), 1)
      assert.deepEqual(keysOf(await takeAll(bench, NOW + 2)), ['m1'])
    },
  },
  {
    name: 'a message whose lease has ended is taken over, and the first holder changes nothing',
    run: async (bench) => {
      await tell(bench, { effects: ['e1'] })
      const [slow] = await take(bench)
      assert.ok(slow)
      const request = { scope: bench.scope, limit: 1, now: NOW + LEASE, leaseUntil: NOW + 2 * LEASE }
      assert.equal((await bench.store.claimOutbox({ ...request, token: 'other' })).length, 1)
      await bench.store.finishOutbox(slow, TOKEN, NOW)
      await bench.store.releaseOutbox(slow, { token: TOKEN, error: 'late', retryAt: NOW, now: NOW })
      assert.equal((await bench.store.backlog(bench.scope)).outbox, 1)
      assert.deepEqual(await take(bench, NOW + LEASE + 1), [])
    },
  },
  {
    name: 'many workers at once take each message once',
    run: async (bench) => {
      const subjects = Array.from({ length: 12 }, (_, index) => `cus_${index}`)
      for (const subject of subjects) await tell(bench, { effects: [`e_${subject}`] }, subject)
      const rows = (await Promise.all(Array.from({ length: 6 }, () => take(bench)))).flat()
      assert.equal(new Set(keysOf(rows)).size, 12)
      assert.equal(rows.length, 12)
    },
  },
]

async function tell(
  { store, scope, claim, commit }: Bench,
  keys: { effects?: readonly string[]; mails?: readonly string[] },
  subject = CUSTOMER,
): Promise<void> {
  await store.wantSync(scope, subject, NOW)
  const [claimed] = await claim({ subject })
  assert.ok(claimed)
  const effects = (keys.effects ?? []).map(buildEffect)
  const mails = (keys.mails ?? []).map(buildMail)
  assert.equal(await commit(claimed, { state: buildState({ stripeCustomerId: subject }), effects, mails }), true)
}

async function take({ store, scope }: Bench, now = NOW): Promise<readonly OutboxRow[]> {
  const rows = await store.claimOutbox({ scope, limit: 100, token: TOKEN, now, leaseUntil: now + LEASE })
  return rows.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

/** Delivers until nothing is left; answers in the order of delivery. */
async function takeAll(bench: Bench, now = NOW): Promise<readonly OutboxRow[]> {
  const all: OutboxRow[] = []
  for (let rows = await take(bench, now); rows.length > 0; rows = await take(bench, now)) {
    for (const row of rows) await bench.store.finishOutbox(row, TOKEN, now)
    all.push(...rows)
  }
  return all
}

function keyOf({ message }: OutboxRow): string {
  return message.topic === 'effect' ? message.effect.key : message.mail.key
}

function keysOf(rows: readonly OutboxRow[]): readonly string[] {
  return rows.map(keyOf)
}

function messageOf(rows: readonly OutboxRow[], key: string): OutboxRow {
  const row = rows.find((candidate) => keyOf(candidate) === key)
  assert.ok(row)
  return row
}
