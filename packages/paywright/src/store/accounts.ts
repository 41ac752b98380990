import type { Exec } from './database.js'
import { text } from './values.js'

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
