import pg from 'pg'
import type { Running } from '../contestants/running.js'
import { onceConnected } from '../postgres.js'
import { pause } from '../correctness/deliver.js'
import { sendAll } from '../send.js'
import { deliveryOf } from '../world.js'
import type { Batch } from './load.js'

/** Between two deliveries: what a product of some size has on a busy day. */
const EVERY_MILLISECONDS = 10

const LONGEST_WAIT_MILLISECONDS = 10_000

/**
 * Milliseconds from the moment at which each delivery is sent until its change stands in the database for others to see,
 * told by a trigger that is the same for all.
 */
export async function timesToVisible(running: Running, { events, quantities }: Batch): Promise<readonly number[]> {
  const { databaseUrl, port, contestant } = running
  await onceConnected(databaseUrl, (client) => client.query(triggerOn(running)))
  const seen = new Map<string, number>()
  const listener = new pg.Client({ connectionString: databaseUrl })
  await listener.connect()
  listener.on('notification', ({ payload = '' }) => seen.set(payload, performance.now()))
  await listener.query('listen visible')
  const requests = events.map((event) => deliveryOf(event, contestant.path))
  const sentAt: number[] = []
  await Promise.all(
    requests.map(async (request, index) => {
      await pause(index * EVERY_MILLISECONDS)
      sentAt[index] = performance.now()
      await sendAll({ port, connections: 1 }, [request])
    }),
  )
  const keys = quantities.map(({ id, quantity }) => `${id}:${quantity}`)
  const end = performance.now() + LONGEST_WAIT_MILLISECONDS
  while (!keys.every((key) => seen.has(key)) && performance.now() < end) await pause(20)
  await listener.end()
  await onceConnected(databaseUrl, (client) => client.query(`drop trigger visible on ${contestant.shows.table}`))
  return events.map((event, index) => (seen.get(keyOf(event)) ?? Infinity) - (sentAt[index] ?? 0))
}

function keyOf({ data: { object } }: Batch['events'][number]): string {
  return object.object === 'subscription' ? `${object.id}:${object.items.data[0]?.quantity}` : ''
}

function triggerOn({ contestant: { shows } }: Running): string {
  return `create or replace function tell_visible() returns trigger language plpgsql as $$
    begin perform pg_notify('visible', new.${shows.id} || ':' || new.${shows.quantity}); return new; end $$;
    create trigger visible after insert or update on ${shows.table} for each row execute function tell_visible()`
}
