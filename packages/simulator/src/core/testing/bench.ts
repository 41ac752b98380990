import type Stripe from 'stripe'
import { execute, fire, type Outcome } from '../machine.js'
import type { AccountSettings, EventRecord, Timer } from '../private-records.js'
import type { Records, TableName } from '../records.js'
import { defaultSettings } from '../account-settings.js'
import { applyChanges, createState, forkState, nextTimer, recordOf, recordsOf, type State } from '../state.js'
import type { StripeErrorBody } from '../error.js'

export const START = Date.parse('2026-01-15T12:00:00Z') / 1000
export const HOUR = 3600
export const DAY = 24 * HOUR

const apiVersion = '2026-10-28.endive'

/** What the path of a request names: one id, or several by their names. */
type At = string | Readonly<Record<string, string>>

/** A world without edges: commands in, replies and events out, and a clock that a test moves. */
export class Bench {
  readonly events: EventRecord[] = []
  readonly state: State
  now = START

  constructor(settings: Partial<AccountSettings> = {}, state: State = createState(1)) {
    this.state = state
    const value = { ...defaultSettings, ...settings }
    const sequence = state.counters.sequence + 1
    const writes = [{ table: 'account_settings' as const, id: 'settings', value, sequence }]
    applyChanges(state, { writes, counters: { ...state.counters, sequence } })
  }

  /** Runs a command that must succeed. The shape of the answer is the caller's claim. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- The caller alone knows the shape.
  run<Body = { readonly id: string }>(name: string, params: object = {}, at?: At): Body {
    const { reply } = this.#execute(name, params, at)
    if (!reply.ok) throw new Error(`${name}: ${reply.status} ${reply.error.message} (${reply.error.param ?? ''})`)
    return reply.body as Body
  }

  /** Runs a command that must be refused. */
  fail(name: string, params: object = {}, at?: At): StripeErrorBody & { readonly status: number } {
    const { reply } = this.#execute(name, params, at)
    if (reply.ok) throw new Error(`${name} was expected to be refused.`)
    return { ...reply.error, status: reply.status }
  }

  /** Runs a command that may be refused; a refusal is `undefined`. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- The caller alone knows the shape.
  try<Body = unknown>(name: string, params: object, at?: At): Body | undefined {
    const { reply } = this.#execute(name, params, at)
    return reply.ok ? (reply.body as Body) : undefined
  }

  /** Lets time pass, with everything that falls due on the way. */
  advanceTo(at: number): void {
    for (let timer = nextTimer(this.state, null, at); timer !== undefined; timer = nextTimer(this.state, null, at)) {
      this.#fire(timer)
    }
    this.now = at
  }

  /** Runs a test clock to where it is to go, as the world does. */
  finishAdvance(clock: string): void {
    const record = this.get('test_clocks', clock)
    const target = record.status_details.advancing?.target_frozen_time ?? record.frozen_time
    for (
      let timer = nextTimer(this.state, clock, target);
      timer !== undefined;
      timer = nextTimer(this.state, clock, target)
    ) {
      this.#fire(timer)
    }
    this.run('test_clocks.finish_advance', {}, clock)
  }

  get<Name extends TableName>(table: Name, id: string): Records[Name] {
    const record = recordOf(this.state, table, id)
    if (record === undefined) throw new Error(`There is no ${table} ${id}.`)
    return record
  }

  all<Name extends TableName>(table: Name): Records[Name][] {
    return [...recordsOf(this.state, table)]
  }

  /** The types of the events since the last call, in order. */
  takeEvents(): string[] {
    return this.events.splice(0).map((event) => event.type)
  }

  /** The last event of a type. */
  lastEvent(type: string): EventRecord {
    const event = this.events.findLast((candidate) => candidate.type === type)
    if (event === undefined) throw new Error(`There was no ${type}.`)
    return event
  }

  fork(): Bench {
    const copy = new Bench(this.get('account_settings', 'settings'), forkState(this.state))
    copy.now = this.now
    return copy
  }

  /** Nothing fails by itself in a world that only commands have made. */
  #fire(timer: Timer): void {
    const outcome = fire(this.state, timer, { apiVersion, now: this.now })
    applyChanges(this.state, outcome.changes)
    this.events.push(...outcome.events)
    const { fault } = outcome
    if (fault !== undefined) throw new Error(`${timer.kind} of ${timer.subject} failed: ${fault.error}`)
  }

  #execute(name: string, params: object, at?: At): Outcome {
    const path: Readonly<Record<string, string>> = typeof at === 'string' ? { id: at } : (at ?? {})
    const command = { name, path, params: { ...params }, context: { apiVersion, request: null } }
    const outcome = execute(this.state, command, this.now)
    applyChanges(this.state, outcome.changes)
    this.events.push(...outcome.events)
    return outcome
  }

  /** A monthly price, unless told otherwise. */
  price(params: { amount?: number; interval?: string; count?: number; name?: string; currency?: string } = {}): string {
    const { amount = 2000, interval = 'month', count = 1, name = 'Pro', currency = 'usd' } = params
    const product = this.run('products.create', { name }).id
    const recurring = { interval, interval_count: count }
    return this.run('prices.create', { product, currency, unit_amount: amount, recurring }).id
  }

  /** A customer with this test card as their default, or with none. */
  customer(card: string | null = 'pm_card_visa', params: object = {}): string {
    const { id } = this.run('customers.create', { email: 'ada@example.com', ...params })
    if (card !== null) this.giveCard(id, card)
    return id
  }

  giveCard(customer: string, card: string): string {
    const { id } = this.run('payment_methods.attach', { customer }, card)
    this.run('customers.update', { invoice_settings: { default_payment_method: id } }, customer)
    return id
  }

  subscribe(customer: string, price: string, params: object = {}): Subscription {
    return this.run('subscriptions.create', { customer, items: [{ price }], ...params })
  }

  subscription(id: string): Subscription {
    return this.get('subscriptions', id)
  }

  invoice(id: string | null): Records['invoices'] {
    return this.get('invoices', id ?? '')
  }

  /** What an invoice bills: the amount and the wording of each line. */
  lines(id: string | null): (readonly [number, string | null])[] {
    return this.invoice(id).lines.data.map((line) => [line.amount, line.description] as const)
  }
}

export type Subscription = Records['subscriptions']
export type PreviewParams = Stripe.InvoiceCreatePreviewParams
