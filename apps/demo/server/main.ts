import { fileURLToPath } from 'node:url'
import { readConfig, type DemoConfig } from './config.js'
import { SIMULATOR_OFFSET, startDemo } from './start.js'

const WEB_ROOT = fileURLToPath(new URL('../web', import.meta.url))

function explain(error: unknown, { port }: DemoConfig): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code !== 'EADDRINUSE') return `The demo could not start: ${message}`
  return `Port ${port} or ${port + SIMULATOR_OFFSET} is in use. Stop what runs there, or choose another: PORT=4000 npm run demo`
}

async function run(config: DemoConfig): Promise<void> {
  console.log('Starting…')
  const { origin, simulator, stop } = await startDemo(config, WEB_ROOT)
  endOnSignals(stop)
  const stripe = simulator === null ? 'Stripe      test mode' : `Simulator   ${simulator.url}`
  console.log(`
  Fieldnotes  ${origin}
  ${stripe}

  Ctrl-C ends all; what you did is kept. To start over: npm run demo -- --reset
`)
}

function endOnSignals(stop: () => Promise<void>): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stop().then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(error)
          process.exit(1)
        },
      )
    })
  }
}

const result = readConfig(process.argv.slice(2), process.env)
if (result.kind === 'help') {
  console.log(result.message)
  process.exit(0)
}
if (result.kind === 'refused') {
  console.error(result.message)
  process.exit(2)
}
try {
  await run(result.config)
} catch (error) {
  console.error(explain(error, result.config))
  process.exit(1)
}
