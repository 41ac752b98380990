import type { PGlite } from '@electric-sql/pglite'
import type { Clock, Mail, Mailer } from 'paywright'

export interface ReceivedMail {
  readonly key: string
  readonly subject: string
  readonly html: string
  readonly sentAt: string
}

/** A mail transport that puts every mail where the demo shows it, in place of an SMTP server. */
export interface Mailbox extends Mailer {
  list(recipient: string): Promise<readonly ReceivedMail[]>
}

export function createMailbox(database: PGlite, clock: Clock): Mailbox {
  return {
    async send(mail: Mail) {
      await database.query(
        `insert into mails (key, recipient, subject, html, sent_at)
         values ($1::text, $2::text, $3::text, $4::text, to_timestamp($5::float8)) on conflict (key) do nothing`,
        [mail.key, mail.to, mail.subject, mail.html, clock.now()],
      )
    },
    async list(recipient) {
      const found = await database.query<{ key: string; subject: string; html: string; sent_at: Date }>(
        'select key, subject, html, sent_at from mails where recipient = $1::text order by sent_at desc, key limit 100',
        [recipient],
      )
      return found.rows.map(({ key, subject, html, sent_at }) => ({
        key,
        subject,
        html,
        sentAt: sent_at.toISOString(),
      }))
    },
  }
}
