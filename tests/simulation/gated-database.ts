import { BillingError, type Database } from 'paywright'
import type { Exec } from 'paywright/testing'
import type { Faults } from './faults.js'
import type { Rewrite } from './mutants.js'
import { never, type Process } from './process.js'
import type { Scheduler } from './scheduler.js'

/** Who has a transaction open. The database of the simulation has one connection, so all others wait. */
export interface Connection {
  holder: Process | null
}

export interface DatabaseParts {
  readonly scheduler: Scheduler
  readonly faults: Faults
  readonly connection: Connection
  readonly database: Database
  readonly mutant: { readonly rewrites?: readonly Rewrite[] }
}

/** The database as one process sees it: each statement is a step of its own, and may go wrong before or after. */
export function gatedDatabase(parts: DatabaseParts, process: Process): Database {
  const { scheduler, faults, connection, database } = parts
  const isReady = (): boolean => connection.holder === null
  return {
    exec: async (text, params) => {
      await scheduler.halt(process, { label: nameOf(text), isReady })
      if (faults.strike('database refused')) throw unavailable()
      const rows = await scheduler.track(() => database.exec(mutated(parts, text), params))
      if (faults.strike('database answer lost')) throw unavailable()
      return rows
    },
    transaction: async (work) => {
      await scheduler.halt(process, { label: 'begin', isReady })
      if (faults.strike('database refused')) throw unavailable()
      connection.holder = process
      try {
        return await inTransaction(parts, process, work)
      } finally {
        connection.holder = null
        // The code of a dead process does not go on, not even with the error.
        if (!process.isAlive) await never()
      }
    },
    close: () => Promise.resolve(),
  }
}

async function inTransaction<Result>(
  parts: DatabaseParts,
  process: Process,
  work: (exec: Exec) => Promise<Result>,
): Promise<Result> {
  const { scheduler, faults, database } = parts
  // Under way are the statements that the database adds by itself: before the work, and after it.
  let end = scheduler.busy()
  try {
    const result = await database.transaction(async (exec) => {
      end()
      try {
        return await insideOf({ ...parts, exec }, process, work)
      } finally {
        end = scheduler.busy()
      }
    })
    if (faults.strike('database answer lost')) throw unavailable()
    return result
  } finally {
    end()
  }
}

/** After one statement was refused the connection is gone, and with it the transaction. */
async function insideOf<Result>(
  parts: DatabaseParts & { exec: Exec },
  process: Process,
  work: (exec: Exec) => Promise<Result>,
): Promise<Result> {
  const { scheduler, faults, exec } = parts
  let isBroken = false
  const halt = async (label: string): Promise<void> => {
    await scheduler.halt(process, { label, onDeath: 'throw' })
    isBroken ||= faults.strike('database refused')
    if (isBroken) throw unavailable()
  }
  const result = await work(async (text, params) => {
    await halt(`  ${nameOf(text)}`)
    return scheduler.track(() => exec(mutated(parts, text), params))
  })
  await halt('  commit')
  return result
}

function mutated({ mutant: { rewrites = [] } }: DatabaseParts, text: string): string {
  return rewrites.reduce((before, { statement, replacement }) => before.replace(statement, replacement), text)
}

function unavailable(): BillingError {
  return new BillingError('database_unavailable', { detail: 'The simulation says so.' })
}

/** Enough of a statement to know it by. */
function nameOf(text: string): string {
  const verb = /\b(insert into|update|delete from|truncate|from)\s+[\w.]+/.exec(text)
  return verb === null ? text.trim().slice(0, 40).replaceAll(/\s+/g, ' ') : verb[0]
}
