#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { parseArguments, USAGE, type CliOptions } from './cli-options.js'
import { createSimulator, type Simulator } from './server.js'

const parsed = parseArguments(process.argv.slice(2))
switch (parsed.do) {
  case 'help':
    process.stdout.write(USAGE)
    break
  case 'version':
    process.stdout.write(`${version()}\n`)
    break
  case 'refuse':
    process.stderr.write(`${parsed.problem}\n\n${USAGE}`)
    process.exitCode = 2
    break
  case 'start':
    await start(parsed.options)
    break
  default:
    parsed satisfies never
}

async function start(options: CliOptions): Promise<void> {
  try {
    const simulator = await createSimulator({ ...options, onError: report })
    stopOnSignal(simulator)
    process.stdout.write(greeting(simulator, options))
  } catch (error) {
    process.stderr.write(`${explained(error, options)}\n`)
    process.exitCode = 1
  }
}

function greeting(simulator: Simulator, { webhooks, dataFile }: CliOptions): string {
  const lines = [
    `Stripe, simulated, at ${simulator.url}`,
    `  API key   ${simulator.secretKey}`,
    `  console   ${simulator.url}/`,
    ...webhooks.map(({ url }, index) => `  webhook   ${url}  ${simulator.webhookSecrets[index] ?? ''}`),
    ...(dataFile === undefined ? [] : [`  data      ${dataFile}`]),
    ...(simulator.cutBytes === 0
      ? []
      : [`  ${simulator.cutBytes} bytes of an unfinished last line were cut off the data file.`]),
  ]
  return `${lines.join('\n')}\n`
}

function stopOnSignal(simulator: Simulator): void {
  const stop = (): void => {
    // A second signal ends the process at once, should closing hang.
    simulator.close().then(() => process.exit(0), report)
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}

function explained(error: unknown, { port, host }: CliOptions): string {
  const { code, message } = error as { code?: string; message?: string }
  if (code === 'EADDRINUSE')
    return `Port ${port} on ${host} is in use. Stop what listens there, or give another --port.`
  if (code === 'EACCES') return `This user may not listen on port ${port}. Give a --port above 1023.`
  return message ?? String(error)
}

function report(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
}

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
