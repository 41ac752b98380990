import type Stripe from 'stripe'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Setup } from './contract.js'

const folder = fileURLToPath(new URL('../../peers', import.meta.url))

/** Installs the packages of the peers where only they are found; once. */
export function installPeers(): void {
  if (existsSync(`${folder}/node_modules`)) return
  console.log('Installing the peers, once ...')
  const args = ['install', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error']
  const { status } = spawnSync('npm', args, { cwd: folder, stdio: 'inherit' })
  if (status !== 0) throw new Error(`npm could not install what ${folder}/package.json names.`)
}

interface Loader {
  importPeer(name: string): Promise<unknown>
  requirePeer(name: string): unknown
}

async function loader(): Promise<Loader> {
  return (await import(`${folder}/load.mjs`)) as Loader
}

/** The parts of the peers that are used here, by the declarations of their pinned versions. */
interface Packages {
  readonly stripe: { readonly default: new (key: string, config: object) => Stripe }
  readonly pg: { readonly default: { readonly Pool: new (config: object) => Pool } }
  readonly 'better-auth': { betterAuth(options: object): BetterAuth }
  readonly 'better-auth/db/migration': { getMigrations(options: object): Promise<{ runMigrations(): Promise<void> }> }
  readonly '@better-auth/stripe': { stripe(options: object): object }
  readonly 'stripe-no-webhooks': { readonly Billing: new (config: object) => NoWebhooksBilling }
}

/** The same of those that must be loaded as CommonJS. */
interface CommonPackages {
  readonly '@supabase/stripe-sync-engine': SyncEngine
  readonly './node_modules/stripe-no-webhooks/bin/commands/migrate.js': {
    migrate(url: string, options: { exitOnError: boolean }): Promise<{ readonly success: boolean }>
  }
}

export interface Pool {
  end(): Promise<void>
  on(event: 'error', listener: () => void): void
  query(text: string, params?: readonly unknown[]): Promise<{ readonly rows: readonly Record<string, unknown>[] }>
}

export interface BetterAuth {
  readonly options: object
  handler(request: Request): Promise<Response>
}

export interface StripeSync {
  /** Made for Stripe's own address; it may be replaced. */
  stripe: Stripe
  readonly postgresClient: { readonly pool: Pool }
  processWebhook(payload: string, signature: string): Promise<void>
  syncBackfill(params: { readonly object: string }): Promise<unknown>
}

export interface SyncEngine {
  readonly StripeSync: new (config: object) => StripeSync
  runMigrations(config: { readonly databaseUrl: string; readonly schema: string }): Promise<void>
}

export interface NoWebhooksBilling {
  /** Made for Stripe's own address; it may be replaced. */
  readonly sync: StripeSync
  readonly pool: Pool
  readonly subscriptions: { get(options: { readonly userId: string }): Promise<unknown> }
  createHandler(): (request: Request) => Promise<Response>
}

/** Guaranteed by the pinned versions. */
export async function importPeer<Name extends keyof Packages>(name: Name): Promise<Packages[Name]> {
  return (await (await loader()).importPeer(name)) as Packages[Name]
}

/** Guaranteed by the pinned versions. */
export async function requirePeer<Name extends keyof CommonPackages>(name: Name): Promise<CommonPackages[Name]> {
  return (await loader()).requirePeer(name) as CommonPackages[Name]
}

/** The version of the API that the events are written in. */
export const API_VERSION = '2026-10-28.endive'

/** The SDK that all peers are used with: better-auth takes none that is newer. */
export async function peerStripe({ apiBase, secretKey }: Setup): Promise<Stripe> {
  const { default: PeerStripe } = await importPeer('stripe')
  const { hostname: host, port } = new URL(apiBase)
  return new PeerStripe(secretKey, { host, port, protocol: 'http', apiVersion: API_VERSION, telemetry: false })
}

/** A pool as its documentation says: with a listener, without which a lost connection ends the process. */
export async function peerPool({ databaseUrl, poolSize }: Setup): Promise<Pool> {
  const { default: peerPg } = await importPeer('pg')
  const pool = new peerPg.Pool({ connectionString: databaseUrl, max: poolSize })
  pool.on('error', () => undefined)
  return pool
}
