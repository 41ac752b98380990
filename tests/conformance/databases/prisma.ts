import type { PrismaTransaction } from 'paywright'
import { cpSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { keptFolder, run } from '../clients/tools.js'

const VERSION = '7.10.0'

/** What the test needs of the client that Prisma generates from `schema.prisma`. */
export interface Prisma {
  $transaction<Result>(work: (tx: PrismaInside) => Promise<Result>): Promise<Result>
  $disconnect(): Promise<void>
  readonly user: { count(): Promise<number> }
}

export type PrismaInside = PrismaTransaction & {
  readonly user: { create(wish: { readonly data: { readonly id: string } }): Promise<unknown> }
}

interface Generated {
  readonly PrismaClient: new (options: { readonly adapter: unknown }) => Prisma
}

interface Adapter {
  readonly PrismaPg: new (options: { readonly connectionString: string }) => unknown
}

/** Installs Prisma beside nothing else, has it generate its client, and connects. */
export async function openPrisma(connectionString: string): Promise<Prisma> {
  const folder = await keptFolder(`prisma-${VERSION}`, async (empty) => {
    const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts']
    const packages = ['prisma', '@prisma/client', '@prisma/adapter-pg'].map((name) => `${name}@${VERSION}`)
    await run('npm', ['install', ...quiet, '--prefix', empty, ...packages])
    cpSync(fileURLToPath(new URL('schema.prisma', import.meta.url)), join(empty, 'schema.prisma'))
    // The engine of migrations, which would be downloaded, is not needed to generate; any program stands for it.
    const env = { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: '1' }
    await run('npx', ['prisma', 'generate', '--schema', 'schema.prisma'], { cwd: empty, env })
  })
  const require = createRequire(join(folder, 'package.json'))
  const part = (name: string): unknown => require(`@prisma/${name}`)
  // Both guaranteed by the pinned version's own declarations, and by what it generates.
  const { PrismaClient } = part('client') as Generated
  const { PrismaPg } = part('adapter-pg') as Adapter
  return new PrismaClient({ adapter: new PrismaPg({ connectionString }) })
}
