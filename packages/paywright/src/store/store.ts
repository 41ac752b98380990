import type { Store } from '../engine/ports.js'
import { loadAccess, loadAccessFacts } from './access.js'
import { knownAccount, listeningSince, rememberAccount } from './accounts.js'
import { commitSync } from './commit-sync.js'
import { claimStripeCustomer, ensureCustomer, findCustomer, releaseStripeCustomer } from './customers.js'
import type { Database, Exec } from './database.js'
import { backlog, deadLetters, replayDeadLetters } from './dead-letters.js'
import { inboxFigures } from './inbox-figures.js'
import { migrate, pendingMigrations } from './migrate.js'
import { loadCustomer, loadPrices } from './mirror-read.js'
import { findCharge, loadRecords } from './mirror-records.js'
import { claimOutbox, finishOutbox, releaseOutbox } from './outbox.js'
import { pruneOutbox, pruneReceipts } from './prune.js'
import { borrowRequests, pauseRequests } from './rate-limit.js'
import { receive, recentReceipts } from './receipts.js'
import { loadCatalog, notStored, storedCustomers, subjectFacts, tellEffect } from './reconciling.js'
import { replayReceipts } from './replay-receipts.js'
import { attachSession, releaseReservation, reserve } from './reservations.js'
import { completeRun, listRuns, openDueRun, openRun, saveRun } from './runs.js'
import { claim, doneSeq, releaseSync, wantSync } from './subjects.js'
import { databaseTime } from './time.js'
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
    migrate: async (wish) => {
      const addColumns = async (inside: Exec) => (await usersTable?.migrate(inside)) ?? []
      const { applied, result } = await migrate(database, addColumns, wish)
      return { applied, addedColumns: result }
    },
    previewMigration: async () => {
      const preview = (await usersTable?.preview(exec)) ?? NOTHING_TO_DO
      return { pending: await pendingMigrations(exec), ...preview }
    },
    close: database.close,
    time: () => databaseTime(exec),

    ...accountStore(exec),

    ensureCustomer: (scope, customer) => ensureCustomer(exec, scope, customer),
    findCustomer: (scope, by) => findCustomer(exec, scope, by),
    claimStripeCustomer: (scope, claimed) => claimStripeCustomer(exec, scope, claimed),
    releaseStripeCustomer: (scope, stale) => releaseStripeCustomer(exec, scope, stale),

    receive: (scope, events, now) => receive(exec, scope, { events, now }),
    wantSync: (scope, subject, now) => wantSync(exec, scope, { subject, now, isQuiet: false, isDeep: false }),
    wantDeepSync: (scope, subject, now) => wantSync(exec, scope, { subject, now, isQuiet: false, isDeep: true }),
    wantQuietSync: (scope, subject, now) => wantSync(exec, scope, { subject, now, isQuiet: true, isDeep: true }),
    claim: (request) => claim(database, request),
    doneSeq: (scope, subject) => doneSeq(exec, scope, subject),
    loadCustomer: (scope, stripeCustomerId) => loadCustomer(exec, scope, stripeCustomerId),
    loadRecords: (scope, stripeCustomerId, wanted) => loadRecords(exec, { ...scope, stripeCustomerId }, wanted),
    findCharge: (scope, stripeChargeId) => findCharge(exec, scope, stripeChargeId),
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
    openDueRun: (scope, wish) => openDueRun(exec, scope, wish),
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
    accessFacts: (scope, customerId) => loadAccessFacts(exec, scope, customerId),
    reserve: (scope, wish, now) => reserve(exec, scope, { ...wish, now }),
    attachSession: (scope, reservation, session) => attachSession(exec, scope, { ...reservation, ...session }),
    release: (scope, reservation) => releaseReservation(exec, scope, reservation),
  }
}

/** What is kept of the account itself. */
function accountStore(exec: Exec) {
  return {
    knownAccount: (keyFingerprint) => knownAccount(exec, keyFingerprint),
    rememberAccount: (keyFingerprint, account) => rememberAccount(exec, keyFingerprint, account),
    listeningSince: (scope, now) => listeningSince(exec, scope, now),
    borrowRequests: (scope, wish) => borrowRequests(exec, scope, wish),
    pauseRequests: (scope, pause) => pauseRequests(exec, scope, pause),
  } satisfies Partial<Store>
}
