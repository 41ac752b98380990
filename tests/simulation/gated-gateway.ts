import { BillingError } from 'paywright'
import type { CustomerRead, StripeGateway } from 'paywright/testing'
import type { Faults } from './faults.js'
import type { Process } from './process.js'
import type { Random } from './random.js'
import type { Scheduler } from './scheduler.js'

export interface GatewayParts {
  readonly scheduler: Scheduler
  readonly faults: Faults
  readonly random: Random
}

/** A slow answer may take longer than the lease of the one who waits for it, in milliseconds. */
const SLOWEST_ANSWER = 120_000

/** What the gateway allows for clocks that differ, and the one second that a request in this process may take. */
const SPREAD_SECONDS = 3

/** Stripe as one process sees it: each call is a step, which may fail before, fail after, or be answered late. */
export function gatedGateway(parts: GatewayParts, process: Process): (gateway: StripeGateway) => StripeGateway {
  return (gateway) => ({
    ...gateway,
    account: () => ask(parts, process, { name: 'account', call: gateway.account }),
    readCustomer: (id, depth) => readCustomer(parts, process, { id, call: () => gateway.readCustomer(id, depth) }),
    readObject: async (ref) => {
      const read = await ask(parts, process, { name: `readObject ${ref.id}`, call: () => gateway.readObject(ref) })
      return read && { ...read, seen: steady(read.seen) }
    },
    readRecord: async (request) => {
      const call = (): ReturnType<StripeGateway['readRecord']> => gateway.readRecord(request)
      const read = await ask(parts, process, { name: `readRecord ${request.id}`, call })
      return read && { ...read, seen: steady(read.seen) }
    },
    readRecordList: async (id, list) => {
      const call = (): ReturnType<StripeGateway['readRecordList']> => gateway.readRecordList(id, list)
      const read = await ask(parts, process, { name: `readRecordList ${list.kind} ${id}`, call })
      return read && { ...read, seen: steady(read.seen) }
    },
    readDisputes: async (id) => {
      const read = await ask(parts, process, { name: `readDisputes ${id}`, call: () => gateway.readDisputes(id) })
      return read && { ...read, seen: steady(read.seen) }
    },
    listEvents: (request) => ask(parts, process, { name: 'listEvents', call: () => gateway.listEvents(request) }),
    readCatalog: async () => {
      const read = await ask(parts, process, { name: 'readCatalog', call: gateway.readCatalog })
      return { ...read, seen: steady(read.seen) }
    },
    setCancelAtPeriodEnd: (request) =>
      ask(parts, process, { name: 'setCancelAtPeriodEnd', call: () => gateway.setCancelAtPeriodEnd(request) }),
    createCustomer: (request) =>
      ask(parts, process, { name: 'createCustomer', call: () => gateway.createCustomer(request) }),
  })
}

interface Call<Answer> {
  readonly name: string
  readonly call: () => Promise<Answer>
}

async function ask<Answer>(parts: GatewayParts, process: Process, { name, call }: Call<Answer>): Promise<Answer> {
  const { scheduler, faults, random } = parts
  await scheduler.halt(process, { label: `Stripe ${name}` })
  if (faults.strike('Stripe refused')) throw unavailable()
  const answer = await scheduler.track(call)
  if (faults.strike('Stripe answer lost')) throw unavailable()
  const delay = faults.strike('Stripe slow') ? random.between(0, SLOWEST_ANSWER) : 0
  await scheduler.halt(process, { label: `Stripe ${name} answered`, delay })
  return answer
}

/** The whole of a customer is several requests. Where Stripe changes between them, some parts are older than others. */
async function readCustomer(
  parts: GatewayParts,
  process: Process,
  { id, call }: { id: string; call: () => Promise<CustomerRead | null> },
): Promise<CustomerRead | null> {
  const { faults, random } = parts
  const name = `readCustomer ${id}`
  const first = await ask(parts, process, { name, call })
  if (first === null || !faults.strike('Stripe changed while it was read')) return first && withSteadyTime(first, first)
  const second = await ask(parts, process, { name: `${name} again`, call })
  if (second === null || second.state.customer.isDeleted !== first.state.customer.isDeleted) throw unavailable()
  return withSteadyTime(
    mixed(() => random.pick([first, second]), second),
    first,
  )
}

/** Each part as of one of two reads, with all that stands inside it. */
function mixed(pick: () => CustomerRead, base: CustomerRead): CustomerRead {
  // The prices stand inside the subscriptions, and the lines inside the invoices.
  const [subscriptions, customer, invoices, methods] = [pick(), pick(), pick(), pick()]
  const lines = invoices.lists.filter(({ kind }) => kind === 'invoiceLine')
  const others = (base.isDeep ? pick() : base).lists.filter(({ kind }) => kind !== 'invoiceLine')
  return {
    ...base,
    state: {
      customer: customer.state.customer,
      subscriptions: subscriptions.state.subscriptions,
      invoices: invoices.state.invoices,
      paymentMethods: methods.state.paymentMethods,
      access: null,
    },
    prices: subscriptions.prices,
    objects: {
      ...objectsOf(subscriptions, ['sub', 'si', 'price']),
      ...objectsOf(customer, ['cus']),
      ...objectsOf(invoices, ['in']),
      ...objectsOf(methods, ['pm']),
    },
    lists: [...lines, ...others],
  }
}

function objectsOf({ objects }: CustomerRead, prefixes: readonly string[]): CustomerRead['objects'] {
  return Object.fromEntries(Object.entries(objects).filter(([id]) => prefixes.includes(id.split('_')[0] ?? '')))
}

function withSteadyTime(read: CustomerRead, first: CustomerRead): CustomerRead {
  // On a test clock they are of no time.
  if (read.seen === null || first.seen === null) return read
  const seen = { from: steady(first.seen).from, until: steady(read.seen).until }
  const lists = read.lists.map((list) => ({ ...list, seen }))
  return { ...read, seen, lists }
}

type Seen = NonNullable<CustomerRead['seen']>

/** The gateway measures how long a read has really taken, which is another time in each run; here it takes none. */
function steady({ from, until }: Seen): Seen {
  const second = Math.floor((from + until) / 2)
  return { from: second - SPREAD_SECONDS, until: second + SPREAD_SECONDS }
}

function unavailable(): BillingError {
  return new BillingError('stripe_unavailable', { detail: 'The simulation says so.' })
}
