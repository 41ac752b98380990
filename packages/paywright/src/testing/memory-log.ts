import type { Log, LogFields } from '../engine/ports.js'

export interface LogEntry {
  readonly level: 'info' | 'warn' | 'error'
  readonly message: string
  readonly fields: LogFields
}

/** A log that keeps what it is told, for tests. */
export interface MemoryLog extends Log {
  readonly entries: readonly LogEntry[]
}

export function memoryLog(): MemoryLog {
  const entries: LogEntry[] = []
  const keep =
    (level: LogEntry['level']) =>
    (message: string, fields: LogFields = {}): void =>
      void entries.push({ level, message, fields })
  return { entries, info: keep('info'), warn: keep('warn'), error: keep('error') }
}
