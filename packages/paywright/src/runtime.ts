import { randomBytes } from 'node:crypto'
import type { Clock, Ids, Log, LogFields } from './engine/ports.js'

/** The machine's own clock: the one place that asks it. */
export const systemClock: Clock = { now: () => Math.floor(Date.now() / 1000) }

export const systemIds: Ids = { token: () => randomBytes(18).toString('base64url') }

/** From 0 up to but not including 1; nothing depends on it being unguessable. */
export const systemRandom = (): number => Math.random()

/** Warnings and errors as lines of JSON on the error stream, because a fault that nobody hears of is not handled. */
export const stderrLog: Log = {
  info: () => undefined,
  warn: (message, fields) => write('warn', message, fields),
  error: (message, fields) => write('error', message, fields),
}

function write(level: string, message: string, fields: LogFields = {}): void {
  process.stderr.write(`${JSON.stringify({ level, source: 'paywright', message, ...fields })}\n`)
}
