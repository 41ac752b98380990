/** The one path of every change: receive, claim, read and decide, write; then what it means is told. */
export interface Inbox {
  /**
   * Verifies a delivery of Stripe and stores it. Once this has answered, Stripe may be told 2xx: the rest is done from
   * our own database. Throws while the database cannot be reached, so that Stripe sends the event again.
   */
  receive(delivery: { body: Uint8Array; signature: string | null }): Promise<ReceiveReport>
  /** One bounded pass over what waits: subjects, then messages. Faults of single ones are kept, not thrown. */
  work(bounds?: { most?: number }): Promise<WorkReport>
  /** Takes up one subject if it waits and nobody has it in hand. Its faults are kept, not thrown. */
  workOn(subject: string): Promise<void>
  /**
   * Reads a subject from Stripe and writes it, behind any work on it that is under way. Throws what made it fail, or
   * `sync_pending` where somebody else has had the subject in hand for too long.
   */
  syncNow(subject: string): Promise<void>
  /** The same, and all kinds of records are read, too. */
  syncDeeply(subject: string): Promise<void>
  /** The same as `syncDeeply`, but what is found of a customer who was not known is told to nobody: it is no news. */
  syncQuietly(subject: string): Promise<void>
  /** Passes one after the other, as long as the process lives or until `stop`. */
  start(): void
  /** Ends after the pass under way. */
  stop(): Promise<void>
  /** Whether it was started: what comes in is then worked on without anybody's asking. */
  isWorking(): boolean
}

export interface ReceiveReport {
  readonly eventId: string
  readonly type: string
  readonly subject: string | null
  /** False for an event that was delivered before. */
  readonly isNew: boolean
}

/** What one pass has done. */
export interface WorkReport {
  readonly synced: number
  readonly delivered: number
  /** Subjects and messages that failed in this pass; they are tried again, or are dead letters now. */
  readonly failed: number
  /** Whether nothing is left that could be done now. */
  readonly isDrained: boolean
}
