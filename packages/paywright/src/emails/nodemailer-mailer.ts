import type { Mailer } from '../engine/ports.js'
import { messageId } from './message-id.js'

/** The part of a nodemailer transporter that is used, so that any version of it fits. */
export interface Transporter {
  sendMail(message: {
    readonly from: string
    readonly to: string
    readonly subject: string
    readonly html: string
    readonly text: string
    readonly messageId: string
    readonly headers: Readonly<Record<string, string>>
  }): Promise<unknown>
}

/**
 * Sends mails through nodemailer.
 *
 * @example
 * ```ts
 * import { createTransport } from 'nodemailer'
 * import { nodemailerMailer } from 'paywright'
 *
 * export const mailer = nodemailerMailer(createTransport(process.env.SMTP_URL), { from: 'Acme <billing@acme.example>' })
 * ```
 */
export function nodemailerMailer(transporter: Transporter, options: { readonly from: string }): Mailer {
  return {
    async send({ key, from = options.from, to, subject, html, text }) {
      // Told to be automatic, so that no out-of-office note answers it.
      const headers = { 'Auto-Submitted': 'auto-generated' }
      await transporter.sendMail({ from, to, subject, html, text, messageId: messageId(key, from), headers })
    },
  }
}
