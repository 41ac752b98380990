import type { Store } from '../engine/ports.js'
import { knownAccount, rememberAccount } from './accounts.js'
import { commitSync } from './commit-sync.js'
import { claimStripeCustomer, ensureCustomer, findCustomer, releaseStripeCustomer } from './customers.js'
import type { Database } from './database.js'
import { backlog, deadLetters, replayDeadLetters } from './dead-letters.js'
import { inboxFigures } from './inbox-figures.js'
import { migrate, pendingMigrations } from './migrate.js'
import { loadAccess, loadCustomer, loadPrices } from './mirror-read.js'
import { claimOutbox, finishOutbox, releaseOutbox } from './outbox.js'
import { pruneOutbox, pruneReceipts } from './prune.js'
import { receive, recentReceipts } from './receipts.js'
import { loadCatalog, notStored, storedCustomers, subjectFacts, tellEffect } from './reconciling.js'
import { replayReceipts } from './replay-receipts.js'
import { attachSession, releaseReservation, reserve } from './reservations.js'
import { completeRun, listRuns, openRun, saveRun } from './runs.js'
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
    wantSync: (scope, subject, now) => wantSync(exec, scope, { subject, now, isQuiet: false }),
    wantQuietSync: (scope, subject, now) => wantSync(exec, scope, { subject, now, isQuiet: true }),
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
    inboxFigures: (scope, now) => inboxFigures(exec, scope, now),

    replayReceipts: (scope, wish) => replayReceipts(database, scope, wish),
    runs: (scope) => listRuns(exec, scope),
    openRun: (scope, wish) => openRun(exec, scope, wish),
    saveRun: (scope, run) => saveRun(exec, scope, run),
    completeRun: (scope, run) => completeRun(exec, scope, run),

    storedCustomers: (scope, page) => storedCustomers(exec, scope, page),
    notStored: (scope, stripeCustomerIds) => notStored(exec, scope, stripeCustomerIds),
    subjectFacts: (scope, subject) => subjectFacts(exec, scope, subject),
    loadCatalog: (scope) => loadCatalog(exec, scope),
    tellEffect: (scope, telling) => tellEffect(database, scope, telling),

    pruneReceipts: (scope, step) => pruneReceipts(exec, scope, step),
    pruneOutbox: (scope, step) => pruneOutbox(exec, scope, step),

    access: (scope, customerId) => loadAccess(exec, scope, customerId),
    reserve: (scope, wish, now) => reserve(exec, scope, { ...wish, now }),
    attachSession: (scope, reservation, session) => attachSession(exec, scope, { ...reservation, ...session }),
    release: (scope, reservation) => releaseReservation(exec, scope, reservation),
  }
}
