import pg from 'pg'

/** What the box can do with the same bytes, when there is nothing but rows to insert. */
export interface Floor {
  /** Single rows, each with its own commit, over so many connections; rows a second. */
  single(bodies: readonly string[], connections: number): Promise<number>
  /** Many rows with each commit, over one connection; rows a second. */
  batched(bodies: readonly string[]): Promise<number>
  close(): Promise<void>
}

const TOGETHER = 200

export async function createFloor(connectionString: string): Promise<Floor> {
  const pools = new Map<number, pg.Pool>()
  const poolOf = (max: number): pg.Pool => {
    const pool = pools.get(max) ?? new pg.Pool({ connectionString, max })
    pools.set(max, pool)
    return pool
  }
  await poolOf(1).query('create table floor (id bigint generated always as identity primary key, body text not null)')
  return {
    single: (bodies, connections) => timed(bodies, () => singleRows(poolOf(connections), bodies, connections)),
    batched: (bodies) => timed(bodies, () => groups(poolOf(1), bodies)),
    close: async () => {
      for (const pool of pools.values()) await pool.end()
    },
  }
}

async function timed(bodies: readonly string[], work: () => Promise<void>): Promise<number> {
  const before = performance.now()
  await work()
  return (bodies.length * 1000) / (performance.now() - before)
}

async function singleRows(pool: pg.Pool, bodies: readonly string[], lanes: number): Promise<void> {
  const waiting = bodies.values()
  const lane = async (): Promise<void> => {
    for (const body of waiting) {
      await pool.query({ name: 'single', text: 'insert into floor (body) values ($1)', values: [body] })
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

async function groups(pool: pg.Pool, bodies: readonly string[]): Promise<void> {
  const text = 'insert into floor (body) select json_array_elements_text($1::json)'
  for (let start = 0; start < bodies.length; start += TOGETHER) {
    const values = [JSON.stringify(bodies.slice(start, start + TOGETHER))]
    await pool.query({ name: 'group', text, values })
  }
}
