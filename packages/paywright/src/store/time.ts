import type { UnixSeconds } from '../domain/time.js'
import type { Exec } from './database.js'
import { integer, onlyRow } from './values.js'

/** What time it is by the clock that all instances share. */
export async function databaseTime(exec: Exec): Promise<UnixSeconds> {
  return integer(onlyRow(await exec('select floor(extract(epoch from clock_timestamp()))::bigint as now', [])), 'now')
}
