import { join } from 'node:path'
import { parseArgs } from 'node:util'

/** How the demo was asked to run. */
export interface DemoConfig {
  readonly port: number
  /** Where the database, the simulator's log and the mailbox live, so that a restart finds them again. */
  readonly directory: string
  readonly reset: boolean
  /** `null`: the simulator plays Stripe. */
  readonly stripe: { readonly secretKey: string; readonly webhookSecret: string | undefined } | null
}

export type ConfigResult =
  | { readonly kind: 'config'; readonly config: DemoConfig }
  | { readonly kind: 'help'; readonly message: string }
  | { readonly kind: 'refused'; readonly message: string }

const USAGE = `Usage: npm run demo [-- --reset]

  --reset   start over: forget the database, the simulator's state and the mailbox
  --help    show this

  PORT=4000               serve the product there instead of on 3000
  STRIPE_SECRET_KEY=…     use Stripe's test mode instead of the simulator (sk_test_… or rk_test_… only)
  STRIPE_WEBHOOK_SECRET=… the secret that \`stripe listen --forward-to localhost:PORT/api/billing/webhook\` prints`

/** The simulator stands one above. */
const LAST_PORT = 65_534

/** Reads arguments and environment; a refusal says what to do instead. */
export function readConfig(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): ConfigResult {
  let values: { reset?: boolean; help?: boolean }
  try {
    values = parseArgs({ args: [...argv], options: { reset: { type: 'boolean' }, help: { type: 'boolean' } } }).values
  } catch (error) {
    return { kind: 'refused', message: `${error instanceof Error ? error.message : String(error)}\n\n${USAGE}` }
  }
  if (values.help === true) return { kind: 'help', message: USAGE }
  const port = Number(env['PORT'] ?? 3000)
  if (!Number.isInteger(port) || port < 1 || port > LAST_PORT) {
    const message = `PORT is "${env['PORT']}". Give a number from 1 to ${LAST_PORT}; the simulator takes the next one.`
    return { kind: 'refused', message }
  }
  const secretKey = env['STRIPE_SECRET_KEY'] ?? ''
  if (secretKey !== '' && !/^(sk|rk)_test_/.test(secretKey)) {
    const message =
      'STRIPE_SECRET_KEY is not a test key. The demo signs anybody in and moves time, so it runs with sk_test_… or ' +
      'rk_test_… only; unset the variable to use the simulator.'
    return { kind: 'refused', message }
  }
  const stripe = secretKey === '' ? null : { secretKey, webhookSecret: env['STRIPE_WEBHOOK_SECRET'] || undefined }
  // One directory for each port: two demos at the same time must not open the same database.
  const directory = env['DEMO_DIR'] ?? join('.paywright', String(port))
  return { kind: 'config', config: { port, directory, reset: values.reset ?? false, stripe } }
}
