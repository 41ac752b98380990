import type { UnixSeconds } from '../../domain/time.js'

/** The time as everything here reads it. A test, or a demo with a time machine, passes its own. */
export interface Clock {
  now(): UnixSeconds
}

export interface Ids {
  /** A new unguessable token; used for leases and reservations. */
  token(): string
}

/** Structured log. Fields carry ids, never secrets, URLs of hosted pages or bodies. */
export interface Log {
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}

/** What a line of the log is about: ids and counts. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>

/** One mail, ready to be sent. */
export interface Mail {
  /** Stable: the same mail sent again has the same key. Becomes the Message-ID. */
  readonly key: string
  /** Such as `Acme <billing@acme.example>`; the transport's own sender where left out. */
  readonly from?: string
  readonly to: string
  readonly subject: string
  readonly html: string
  readonly text: string
}

/** Sends mail. It may be given the same mail twice, with the same key, after a crash. */
export interface Mailer {
  send(mail: Mail): Promise<void>
}
