import pg from 'pg'
import { pause } from '../correctness/deliver.js'
import type { Running } from '../contestants/running.js'
import { sendAll } from '../send.js'
import { deliveryOf } from '../world.js'
import type { Batch } from './load.js'
import type { Rates } from './measured.js'

const LONGEST_WAIT_MILLISECONDS = 20_000

const LOOK_EVERY_MILLISECONDS = 5

export async function measure(running: Running, batch: Batch, connections: number): Promise<Rates> {
  const { port, contestant, databaseUrl } = running
  const { events } = batch
  const requests = events.map((event) => deliveryOf(event, contestant.path))
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const before = performance.now()
  const sent = await sendAll({ port, connections }, requests)
  const answered = performance.now() - before
  const refused = sent.find(({ status }) => status === null || status >= 300)
  if (refused !== undefined) throw new Error(`${contestant.label} answered ${refused.status}.`)
  const isRight = await untilRight(client, running, batch)
  const right = performance.now() - before
  await client.end()
  return { answered: (events.length * 1000) / answered, right: isRight ? (events.length * 1000) / right : 0 }
}

async function untilRight(client: pg.Client, { contestant }: Running, { quantities }: Batch): Promise<boolean> {
  const { table, id, quantity } = contestant.shows
  const text = `select count(*)::integer as right from ${table} stored
    join json_to_recordset($1::json) as expected(id text, quantity integer)
      on expected.id = stored.${id} and expected.quantity = stored.${quantity}`
  const end = performance.now() + LONGEST_WAIT_MILLISECONDS
  while (performance.now() < end) {
    const { rows } = await client.query<{ right: number }>(text, [JSON.stringify(quantities)])
    if (rows[0]?.right === quantities.length) return true
    await pause(LOOK_EVERY_MILLISECONDS)
  }
  return false
}
