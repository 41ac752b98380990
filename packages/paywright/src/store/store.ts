import type { Store } from '../engine/ports.js'
import { knownAccount, rememberAccount } from './accounts.js'
import { commitSync } from './commit-sync.js'
import { claimStripeCustomer, ensureCustomer, findCustomer, releaseStripeCustomer } from './customers.js'
import type { Database } from './database.js'
import { backlog, deadLetters, replayDeadLetters } from './dead-letters.js'
import { migrate, pendingMigrations } from './migrate.js'
import { loadAccess, loadCustomer, loadPrices } from './mirror-read.js'
import { claimOutbox, finishOutbox, releaseOutbox } from './outbox.js'
import { receive, recentReceipts } from './receipts.js'
import { attachSession, releaseReservation, reserve } from './reservations.js'
import { claim, doneSeq, releaseSync, wantSync } from './subjects.js'
import { createUsersTable, type UsersTableOptions } from './users-table.js'

const NOTHING_TO_DO = { statements: [], addedColumns: [], keptColumns: [], conflicts: [] }

export interface StoreOptions {
  /** The product's own table that the projection is written to. */
  readonly usersTable?: UsersTableOptions | undefined
}

/** Our own database behind the port `Store`. */
export function createStore(database: Database, options: StoreOptions = {}): Store {
  const { exec } = database
  const usersTable = options.usersTable === undefined ? null : createUsersTable(options.usersTable)
  return {
    migrate: async () => {
      const { applied, result } = await migrate(database, async (inside) => (await usersTable?.migrate(inside)) ?? [])
      return { applied, addedColumns: result }
    },
    previewMigration: async () => {
      const preview = (await usersTable?.preview(exec)) ?? NOTHING_TO_DO
      return { pending: await pendingMigrations(exec), ...preview }
    },
    close: database.close,

    knownAccount: (keyFingerprint) => knownAccount(exec, keyFingerprint),
    rememberAccount: (keyFingerprint, account) => rememberAccount(exec, keyFingerprint, account),

    ensureCustomer: (scope, customer) => ensureCustomer(exec, scope, customer),
    findCustomer: (scope, by) => findCustomer(exec, scope, by),
    claimStripeCustomer: (scope, claimed) => claimStripeCustomer(exec, scope, claimed),
    releaseStripeCustomer: (scope, stale) => releaseStripeCustomer(exec, scope, stale),

    receive: (scope, events, now) => receive(exec, scope, { events, now }),
    wantSync: (scope, subject, now) => wantSync(exec, scope, { subject, now }),
    claim: (request) => claim(database, request),
    doneSeq: (scope, subject) => doneSeq(exec, scope, subject),
    loadCustomer: (scope, stripeCustomerId) => loadCustomer(exec, scope, stripeCustomerId),
    loadPrices: (scope, stripePriceIds) => loadPrices(exec, scope, stripePriceIds),
    commitSync: (claimed, plan, now) => commitSync(database, usersTable, { claim: claimed, plan, now }),
    releaseSync: (claimed, failure) => releaseSync(exec, claimed, failure),

    claimOutbox: (request) => claimOutbox(exec, request),
    finishOutbox: (row, token, now) => finishOutbox(exec, row, { token, now }),
    releaseOutbox: (row, failure) => releaseOutbox(exec, row, failure),

    deadLetters: (scope) => deadLetters(exec, scope),
    replayDeadLetters: (scope, now) => replayDeadLetters(database, scope, now),
    recentReceipts: (scope, limit) => recentReceipts(exec, scope, limit),
    backlog: (scope) => backlog(exec, scope),

    access: (scope, customerId) => loadAccess(exec, scope, customerId),
    reserve: (scope, wish, now) => reserve(exec, scope, { ...wish, now }),
    attachSession: (scope, reservation, session) => attachSession(exec, scope, { ...reservation, ...session }),
    release: (scope, reservation) => releaseReservation(exec, scope, reservation),
  }
}
