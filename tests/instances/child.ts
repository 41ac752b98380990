import { createServer } from 'node:http'
import { type Effect, postgres, toNodeListener } from 'paywright'
import { type Claim, createAnyBilling, EFFECT_TYPES, type Store, TEST_ORIGIN, TEST_PLANS } from 'paywright/testing'
import { type FromInstance, type InstanceOrder, type ToInstance, USERS_TABLE } from './messages.js'

// One process of a product: it receives webhooks over HTTP and works, until somebody kills it.

/** Seconds by which the clock of this machine is wrong, and whether it is believed all the same. */
const SKEW = Number(process.env['TEST_CLOCK_SKEW'] ?? 0)
const IS_BELIEVED = process.env['TEST_CLOCK_BELIEVED'] === 'yes'

/** Of all but drift, which reconciling tells. */
const EFFECTS = EFFECT_TYPES.filter((type) => !type.startsWith('drift.'))

const machineClock = { now: () => Math.floor(Date.now() / 1000) + SKEW }
let isToStop = false

function tell(message: FromInstance): void {
  // Whoever listened may be gone; then there is nobody to tell.
  if (process.connected) process.send?.(message)
}

/** Stands still with a write decided and not begun, where it was told to, until it is told to go on. */
const wrapStore = (store: Store): Store => ({
  ...store,
  commitSync: async (claim, plan, now) => {
    const isStopping = isToStop && plan.kind === 'customer'
    if (isStopping) await standStill(claim)
    const isWritten = await store.commitSync(claim, plan, now)
    if (!isWritten) tell({ kind: 'lost', subject: claim.subject })
    if (isStopping) tell({ kind: 'went on', isWritten })
    return isWritten
  },
})

async function standStill({ subject, wantedSeq }: Claim): Promise<void> {
  isToStop = false
  tell({ kind: 'stopping', subject, wantedSeq: String(wantedSeq) })
  // Let the message out first; then everything in this process stands still, timers and sockets too.
  await new Promise((resolve) => setImmediate(resolve))
  process.kill(process.pid, 'SIGSTOP')
  await new Promise((resolve) => setImmediate(resolve))
}

function log(level: 'warn' | 'error') {
  return (message: string, fields: unknown = {}) =>
    tell({ kind: 'log', level, text: `${message} ${JSON.stringify(fields)}` })
}

function begin(order: InstanceOrder): void {
  const { databaseUrl, apiBase, secretKey, webhookSecrets, consumerUrl, leaseSeconds } = order
  const billing = createAnyBilling(
    {
      database: postgres({ connectionString: databaseUrl, max: 5 }),
      stripe: { secretKey, webhookSecrets, apiBase },
      plans: TEST_PLANS,
      identify: () => null,
      baseUrl: TEST_ORIGIN,
      usersTable: USERS_TABLE,
      ...(IS_BELIEVED && { clock: machineClock }),
      log: { info: () => undefined, warn: log('warn'), error: log('error') },
      // What is repaired here is repaired by what is shown here.
      catchUp: false,
    },
    { env: {}, wrapStore, machineClock, policy: { leaseSeconds, firstRetrySeconds: 1 } },
  )
  const inform = async ({ key }: Effect): Promise<void> => {
    const response = await fetch(consumerUrl, { method: 'POST', body: JSON.stringify({ key }) })
    if (!response.ok) throw new Error(`The consumer answered ${response.status}.`)
  }
  for (const type of EFFECTS) billing.on(type, inform)
  billing.start()
  const server = createServer(toNodeListener(billing.handler))
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    if (typeof address === 'object' && address !== null) tell({ kind: 'ready', port: address.port })
  })
}

process.on('message', (message: ToInstance) => {
  switch (message.kind) {
    case 'begin':
      begin(message)
      return
    case 'stop before a write':
      isToStop = true
      return
    default:
      message satisfies never
  }
})
// Without its parent it has no purpose, and must not be left behind.
process.on('disconnect', () => process.exit(0))
