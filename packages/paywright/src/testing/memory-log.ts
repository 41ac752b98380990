import type { Log, LogFields } from '../engine/ports.js'

/** One line that a `memoryLog` was told. */
export interface LogEntry {
  readonly level: 'info' | 'warn' | 'error'
  readonly message: string
  readonly fields: LogFields
}

/** A log that keeps what it is told, for tests. */
export interface MemoryLog extends Log {
  readonly entries: readonly LogEntry[]
}

/**
 * Makes a log that a test can look into.
 *
 * @example
 * ```ts
 * import { memoryLog } from 'paywright/testing'
 *
 * const log = memoryLog()
 * log.warn('A payment failed.', { customerId: 'ada' })
 * console.assert(log.entries.length === 1)
 * ```
 */
export function memoryLog(): MemoryLog {
  const entries: LogEntry[] = []
  const keep =
    (level: LogEntry['level']) =>
    (message: string, fields: LogFields = {}): void =>
      void entries.push({ level, message, fields })
  return { entries, info: keep('info'), warn: keep('warn'), error: keep('error') }
}
