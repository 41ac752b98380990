import type { Scope } from '../domain/mirror.js'
import type { UnixSeconds } from '../domain/time.js'
import type { Exec } from './database.js'
import { integer, onlyRow, text } from './values.js'

export async function knownAccount(exec: Exec, keyFingerprint: string): Promise<string | null> {
  const [row] = await exec('select account from paywright.accounts where key_fingerprint = $1::text', [keyFingerprint])
  return row === undefined ? null : text(row, 'account')
}

export async function rememberAccount(exec: Exec, keyFingerprint: string, account: string): Promise<void> {
  await exec(
    `insert into paywright.accounts (key_fingerprint, account) values ($1::text, $2::text)
     on conflict (key_fingerprint) do update set account = excluded.account`,
    [keyFingerprint, account],
  )
}

// Of two who come first at the same time, one statement waits for the other and finds its row.
const LISTEN = `insert into paywright.listening as known (account, livemode, since)
  values ($1::text, $2::boolean, to_timestamp($3::bigint))
  on conflict (account, livemode) do update set since = least(known.since, excluded.since)
  returning extract(epoch from since)::bigint as since`

/** Since when this account is listened to: since now, where nobody has asked before. */
export async function listeningSince(exec: Exec, scope: Scope, now: UnixSeconds): Promise<UnixSeconds> {
  return integer(onlyRow(await exec(LISTEN, [scope.account, scope.livemode, now])), 'since')
}
