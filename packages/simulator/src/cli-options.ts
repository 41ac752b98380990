import { parseArgs } from 'node:util'

export const USAGE = `A local, stateful Stripe.

  npx paywright-simulator [options]

  --port N              where to listen (default 12111)
  --host NAME           on which interface (default 127.0.0.1)
  --webhook URL         send events there; may be given several times
  --webhook-secret S    the signing secret, whsec_…, of the --webhook in the same place
  --data FILE           keep the world in this file, so that it survives a restart
  --seed N              decides every id that is given out (default 1)
  --scenario NAME       starts with catalogue, subscribers or crowd instead of nothing
  --help, --version
`

export interface CliOptions {
  readonly port: number
  readonly host: string
  readonly webhooks: readonly { readonly url: string; readonly secret?: string }[]
  readonly dataFile?: string
  readonly seed: number
  readonly scenario?: string
}

/** What the command line asks for; a problem says what to do instead. */
export type ParsedArguments =
  | { readonly do: 'start'; readonly options: CliOptions }
  | { readonly do: 'help' | 'version' }
  | { readonly do: 'refuse'; readonly problem: string }

const LARGEST_PORT = 65_535

const flags = {
  port: { type: 'string', default: '12111' },
  host: { type: 'string', default: '127.0.0.1' },
  webhook: { type: 'string', multiple: true, default: [] as string[] },
  'webhook-secret': { type: 'string', multiple: true, default: [] as string[] },
  data: { type: 'string' },
  seed: { type: 'string', default: '1' },
  scenario: { type: 'string' },
  help: { type: 'boolean', default: false },
  version: { type: 'boolean', default: false },
} as const

export function parseArguments(args: readonly string[]): ParsedArguments {
  try {
    const { values } = parseArgs({ args: [...args], options: flags, strict: true })
    if (values.help) return { do: 'help' }
    if (values.version) return { do: 'version' }
    return checked(values)
  } catch (error) {
    return { do: 'refuse', problem: error instanceof Error ? error.message : String(error) }
  }
}

type Values = ReturnType<typeof parseArgs<{ options: typeof flags }>>['values']

function checked({ port, host, webhook, 'webhook-secret': secrets, data, seed, scenario }: Values): ParsedArguments {
  const problem = problemWith({ port, seed, webhook, secrets })
  if (problem !== undefined) return { do: 'refuse', problem }
  const webhooks = webhook.map((url, index) => {
    const secret = secrets[index]
    return secret === undefined ? { url } : { url, secret }
  })
  const options = {
    port: Number(port),
    host,
    webhooks,
    seed: Number(seed),
    ...(scenario !== undefined && { scenario }),
  }
  return { do: 'start', options: data === undefined ? options : { ...options, dataFile: data } }
}

interface Checked {
  readonly port: string
  readonly seed: string
  readonly webhook: readonly string[]
  readonly secrets: readonly string[]
}

function problemWith({ port, seed, webhook, secrets }: Checked): string | undefined {
  if (!/^\d+$/.test(port) || Number(port) > LARGEST_PORT)
    return `--port ${port} is no port. Give a number from 0 to ${LARGEST_PORT}.`
  if (!/^\d{1,9}$/.test(seed)) return `--seed ${seed} is no seed. Give a whole number.`
  const badUrl = webhook.find((url) => !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
  if (badUrl !== undefined)
    return `--webhook ${badUrl} is no address. Give one such as http://localhost:3000/api/billing/webhook.`
  if (secrets.length > webhook.length)
    return 'There are more --webhook-secret than --webhook. Give one --webhook for each.'
  if (secrets.some((secret) => !secret.startsWith('whsec_'))) return '--webhook-secret begins with whsec_.'
  return undefined
}
