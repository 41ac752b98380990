import type { Mail, Mailer } from '../engine/ports.js'

/** The transport that `memoryMailer` makes. */
export interface MemoryMailer extends Mailer {
  /** What was sent so far, oldest first. */
  readonly sent: readonly Mail[]
}

/**
 * A transport that keeps mails in memory, for tests and demos.
 *
 * @example
 * ```ts
 * import { memoryMailer } from 'paywright'
 *
 * export const mailer = memoryMailer()
 * ```
 */
export function memoryMailer(): MemoryMailer {
  const sent: Mail[] = []
  return {
    sent,
    send: (mail) => {
      // Delivery is at least once, and a real mailbox shows one mail for one Message-ID.
      if (!sent.some(({ key }) => key === mail.key)) sent.push(mail)
      return Promise.resolve()
    },
  }
}
