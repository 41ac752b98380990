import type Stripe from 'stripe'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { keptFolder, run } from './tools.js'

const SYNC_ENGINE = '@supabase/stripe-sync-engine'
const VERSION = '0.48.5'

/** What a test needs of the engine's own declarations. */
export interface SyncEngine {
  readonly StripeSync: new (config: {
    readonly schema: string
    readonly stripeSecretKey: string
    readonly stripeWebhookSecret: string
    readonly poolConfig: { readonly connectionString: string; readonly max: number }
    readonly backfillRelatedEntities: boolean
    readonly autoExpandLists: boolean
  }) => StripeSync
  readonly runMigrations: (config: { readonly databaseUrl: string; readonly schema: string }) => Promise<void>
}

interface DatabaseClient {
  once(event: 'end', listener: () => void): void
}

export interface StripeSync {
  /** Made by the engine for Stripe's own address; it may be replaced. */
  stripe: Stripe
  readonly postgresClient: {
    readonly pool: { on(event: 'connect', listener: (client: DatabaseClient) => void): void }
    query(text: string): Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>
    close(): Promise<void>
  }
  syncBackfill(params: { readonly object: 'all' }): Promise<Readonly<Record<string, { readonly synced: number }>>>
  processWebhook(payload: string, signature: string): Promise<void>
}

/** Installs the engine beside nothing else and loads it. */
export async function loadSyncEngine(): Promise<SyncEngine> {
  const folder = await keptFolder(`sync-engine-${VERSION}`, async (empty) => {
    const quiet = ['--no-audit', '--no-fund', '--no-package-lock']
    await run('npm', ['install', ...quiet, '--prefix', empty, `${SYNC_ENGINE}@${VERSION}`, 'stripe@23.1.0'])
  })
  // Guaranteed by the pinned version's own declarations.
  return createRequire(join(folder, 'package.json'))(SYNC_ENGINE) as SyncEngine
}
