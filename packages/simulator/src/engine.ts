import { SimulatedClock, type ClockSetting } from './clock.js'
import { defaultSettings, settingsOf } from './core/account-settings.js'
import type { DeliveryRecord } from './core/edge-records.js'
import { idAt } from './core/ids.js'
import { WORLD_CLOCK } from './core/indexes.js'
import type { AccountSettings, Timer, TimerFault, TimerKind } from './core/private-records.js'
import type { UnixSeconds } from './core/unix-seconds.js'
import { createState, forkState, waitingIn, type State } from './core/state.js'
import { Deliveries, type DeliveryMode } from './delivery/deliveries.js'
import { NO_FAULTS, type DeliveryFaults } from './delivery/faults.js'
import { planDeliveries } from './delivery/plan.js'
import { RateLimit } from './http/rate-limit.js'
import { RequestLog } from './http/request-log.js'
import type { Journal } from './journal.js'
import { withoutExpired } from './retention.js'
import { entriesOf, entryOf, imageIn, seedOf, snapshotOf, type Entry, type Image, type Snapshot } from './snapshot.js'
import { World, type Commit, type WorldHooks } from './world.js'

/** Everything that goes wrong on purpose. */
export interface Faults {
  /** So many of the next requests to the API are refused with 429. */
  readonly rateLimited: number
  /** With a number, no more requests than this are answered in a second of real time; the others are refused with 429. */
  readonly requestsPerSecond: number | null
  /** So many of the next requests are carried out and answered 500 all the same. */
  readonly failing: number
  /** So many of the next requests are carried out, and the connection breaks before the answer. */
  readonly lost: number
  readonly deliveries: DeliveryFaults
}

export const NOTHING_WRONG: Faults = {
  rateLimited: 0,
  requestsPerSecond: null,
  failing: 0,
  lost: 0,
  deliveries: NO_FAULTS,
}

export interface EngineOptions {
  readonly seed: number
  readonly clock: ClockSetting
  readonly deliveryMode: DeliveryMode
  readonly settings: Partial<AccountSettings>
}

const BILLING: ReadonlySet<TimerKind> = new Set([
  'subscription.renew',
  'subscription.cancel',
  'invoice.finalize',
  'invoice.retry',
])

/** However far a journey goes, it stops no more often than this. */
const MOST_STOPS = 1_000_000

const LONGEST_TIMEOUT_MS = 2 ** 31 - 1

/** A simulator without its server: the worlds of all accounts, their one clock, what is delivered, and what is kept. */
export class Engine {
  readonly clock: SimulatedClock
  readonly deliveries: Deliveries
  readonly log = new RequestLog()
  faults: Faults = NOTHING_WRONG
  journal: Journal<Entry> | undefined
  /** Told of all that is decided as soon as it is. */
  announce: (world: World, commit: Commit) => void = () => undefined
  /** Told of what should have happened by itself, and failed. */
  onFault: (fault: TimerFault) => void = () => undefined
  #seed: number
  #origin = defaultSettings.origin
  #requests = 0
  #alarm: NodeJS.Timeout | undefined
  #followUp: NodeJS.Immediate | undefined
  #journey: Promise<void> = Promise.resolve()
  readonly #rateLimit = new RateLimit(Date.now)
  readonly #worlds = new Map<string | null, World>()
  readonly #settings: Partial<AccountSettings>
  readonly #hooks: WorldHooks

  constructor(options: EngineOptions) {
    this.#seed = options.seed
    this.#settings = options.settings
    this.clock = new SimulatedClock(options.clock, Date.now)
    this.#hooks = {
      prepare: (world, commit) => {
        const planned = planDeliveries(world.state, commit, { now: world.now, faults: this.faults.deliveries })
        return withoutExpired(world.state, planned, world.now)
      },
      committed: (world, { changes, events }) => {
        this.journal?.add(entryOf(world.account, changes))
        this.#changed()
        this.announce(world, { changes, events })
      },
      failed: (_world, fault) => this.onFault(fault),
    }
    this.deliveries = new Deliveries({
      worlds: () => this.#worlds.values(),
      faults: () => this.faults.deliveries,
      saved: () => this.saved(),
      mode: options.deliveryMode,
    })
  }

  /** The world of an account, made when it is first asked for. */
  worldOf(account: string | null): World {
    let world = this.#worlds.get(account)
    if (world === undefined) {
      const state = createState(seedOf(this.#seed, account))
      this.#worlds.set(account, (world = new World(state, this.clock, { account, hooks: this.#hooks })))
      this.#settle(world)
    }
    return world
  }

  worlds(): readonly World[] {
    return [...this.#worlds.values()]
  }

  /** Says where the hosted pages are served from now on. */
  serveFrom(origin: string): void {
    this.#origin = origin
    for (const world of this.#worlds.values()) this.#settle(world)
  }

  nextRequestId(): string {
    this.#requests += 1
    return idAt('req', this.#seed, this.#requests).slice(0, 'req_'.length + 14)
  }

  /** Whether a request is to be refused because there were too many. */
  takeRateLimit(): boolean {
    const { requestsPerSecond: limit } = this.faults
    return this.takeFault('rateLimited') || (limit !== null && !this.#rateLimit.allows(limit))
  }

  /** Whether this goes wrong with the request at hand, of which there is then one less to come. */
  takeFault(name: 'rateLimited' | 'failing' | 'lost'): boolean {
    const left = this.faults[name]
    if (left > 0) this.faults = { ...this.faults, [name]: left - 1 }
    return left > 0
  }

  /** Resolves when everything decided so far would survive a crash. */
  async saved(): Promise<void> {
    await this.journal?.saved()
  }

  /** The instant of the next thing that will happen by itself, if anything will. */
  nextEventAt(): UnixSeconds | null {
    const times = this.worlds().flatMap((world) => world.nextDue() ?? [])
    const retry = this.deliveries.nextDue()
    const all = retry === undefined ? times : [...times, retry]
    return all.length === 0 ? null : Math.min(...all)
  }

  /** The instant at which a subscription next renews or ends, or an invoice is finalized or paid again. */
  nextBillingEventAt(): UnixSeconds | null {
    const times = this.worlds().flatMap(({ state }) => firstBilling(state)?.at ?? [])
    return times.length === 0 ? null : Math.min(...times)
  }

  /** The deliveries of the account's own events, the oldest first. */
  listDeliveries({ event, status }: { event?: string; status?: string } = {}): readonly DeliveryRecord[] {
    const transaction = this.worldOf(null).view()
    const found = event === undefined ? transaction.all('deliveries') : transaction.by('deliveries', 'event', event)
    return status === undefined ? found : found.filter((delivery) => delivery.status === status)
  }

  /** What would be set in the Dashboard of the account. */
  settings(): AccountSettings {
    return settingsOf(this.worldOf(null).view())
  }

  /** What should have happened by itself in the account's own world, and failed; the oldest first. */
  listTimerFaults(): readonly TimerFault[] {
    return this.worldOf(null).view().all('timer_faults')
  }

  changeSettings(changes: Partial<AccountSettings>): void {
    this.worldOf(null).put('account_settings', { ...this.settings(), ...changes, id: 'settings' })
  }

  /**
   * Lets time pass until an instant. Each thing on the way happens at its own, and, where webhooks are sent by themselves,
   * is delivered before the next one happens.
   */
  advanceTo(target: UnixSeconds): Promise<void> {
    const journey = this.#journey.then(() => this.#travel(target))
    // A journey that failed has told its own traveller; the next one sets out all the same.
    this.#journey = journey.catch(() => undefined)
    return journey
  }

  snapshot(): Snapshot {
    return snapshotOf(this.#image())
  }

  /** Everything there is, in entries, one after the other. */
  entries(): Iterable<Entry> {
    return entriesOf(this.#image())
  }

  /** Puts the simulator back to where it was when the snapshot was taken; its settings and address remain. */
  async restore(snapshot: Snapshot): Promise<void> {
    this.load(imageIn(snapshot))
    await this.journal?.compact()
    this.deliveries.wake()
  }

  /** Takes over another simulator's state, or what is left of this one's in its journal. */
  load({ seed, clock, states }: Image): void {
    this.#seed = seed
    if (clock !== undefined) this.clock.restore(clock)
    for (const account of this.#worlds.keys()) if (!states.has(account)) this.#worlds.delete(account)
    for (const [account, state] of states) this.worldOf(account).replaceState(state)
    for (const world of this.#worlds.values()) this.#settle(world)
    // Further than any number that was given out before: a change takes fewer than a thousand requests.
    this.#requests = (states.get(null)?.counters.sequence ?? 0) * 1000
  }

  async close(): Promise<void> {
    clearImmediate(this.#followUp)
    clearTimeout(this.#alarm)
    await this.deliveries.close()
    await this.journal?.close()
  }

  #image(): Image {
    const states = new Map(this.worlds().map(({ account, state }) => [account, forkState(state)]))
    return { seed: this.#seed, clock: this.clock.setting, states }
  }

  async #travel(target: UnixSeconds): Promise<void> {
    for (let stops = 0; stops < MOST_STOPS; stops++) {
      const next = this.nextEventAt()
      const arrives = next === null || next > target
      this.#arriveAt(arrives ? target : next)
      if (this.deliveries.mode === 'immediate') await this.deliveries.drain()
      if (arrives) return
    }
    throw new Error(`The journey made ${MOST_STOPS} stops and was not at its end.`)
  }

  #arriveAt(at: UnixSeconds): void {
    this.clock.moveTo(at)
    this.journal?.add({ clock: this.clock.setting })
    for (const world of this.#worlds.values()) world.fireDue(world.now)
    this.#changed()
  }

  #settle(world: World): void {
    const origin = world.account === null ? this.#origin : `${this.#origin}/accounts/${world.account}`
    const known = world.view().get('account_settings', 'settings') ?? { ...defaultSettings, ...this.#settings }
    if (known.origin !== origin) world.put('account_settings', { ...known, origin })
  }

  /** Once for all that changes at a time, what is due is sent, and what will be due happens when its time comes. */
  #changed(): void {
    this.#followUp ??= setImmediate(() => {
      this.#followUp = undefined
      this.deliveries.wake()
      this.#setAlarm()
    })
  }

  /** In real time. A clock that stands still is moved by others. */
  #setAlarm(): void {
    clearTimeout(this.#alarm)
    const next = this.clock.setting.mode === 'frozen' ? null : this.nextEventAt()
    if (next === null) return
    const wait = Math.max(0, next - this.clock.now()) * 1000
    this.#alarm = setTimeout(() => this.#ring(), Math.min(wait, LONGEST_TIMEOUT_MS)).unref()
  }

  #ring(): void {
    for (const world of this.#worlds.values()) world.fireDue(world.now)
    this.#changed()
  }
}

function firstBilling(state: State): Timer | undefined {
  for (const timer of waitingIn(state, 'timers', { queue: WORLD_CLOCK, until: Infinity })) {
    if (BILLING.has(timer.kind)) return timer
  }
  return undefined
}
