import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { serve, type Served } from './processes.js'

/** Stripe's own mock: it keeps nothing and answers fixtures, in Go. The fastest of what else can be asked. */
const MODULE = 'github.com/stripe/stripe-mock@v0.197.0'
const folder = fileURLToPath(new URL('../../node_modules/.cache/benches', import.meta.url))

/** The other emulators that can be had on this machine, each with its name. */
export async function servePeers(): Promise<readonly (readonly [string, Served])[]> {
  const command = stripeMock()
  if (command === undefined) {
    console.log(`stripe-mock is not measured: set STRIPE_MOCK to its binary, or install Go.`)
    return []
  }
  const served = await serve({
    command,
    args: ['-http-addr', '127.0.0.1:0'],
    port: /Listening for HTTP at address: 127\.0\.0\.1:(\d+)/,
  })
  return [['stripe-mock (Go, keeps nothing)', served]]
}

function stripeMock(): string | undefined {
  const given = process.env['STRIPE_MOCK']
  if (given !== undefined) return given
  const binary = `${folder}/stripe-mock`
  if (existsSync(binary)) return binary
  mkdirSync(folder, { recursive: true })
  const { status } = spawnSync('go', ['install', MODULE], { env: { ...process.env, GOBIN: folder }, stdio: 'ignore' })
  return status === 0 && existsSync(binary) ? binary : undefined
}
