import type { World } from './world.js'

/** What a scenario made, by the names under which a test looks for it. */
export type Seeded = Readonly<Record<string, string>>

interface Scenario {
  readonly about: string
  readonly seed: (world: World) => Seeded
}

const DAY = 86_400
const CROWD = 500

/** Worlds to start from, so that a test need not build one. All that they hold is made by the commands of the API. */
const scenarios: Readonly<Record<string, Scenario>> = {
  catalogue: {
    about: 'Two plans, Pro and Enterprise, by the month and by the year, with lookup keys.',
    seed: catalogue,
  },
  subscribers: {
    about: 'The catalogue, and a customer in each state that a subscription can be in.',
    seed: subscribers,
  },
  crowd: { about: `The catalogue, and ${CROWD} customers who pay for Pro by the month.`, seed: crowd },
}

/** The scenarios by name, with what each is. */
export function listScenarios(): readonly { readonly name: string; readonly about: string }[] {
  return Object.entries(scenarios).map(([name, { about }]) => ({ name, about }))
}

/** Plays a scenario in a world; `undefined` when none has that name. */
export function seedScenario(world: World, name: string): Seeded | undefined {
  return Object.hasOwn(scenarios, name) ? scenarios[name]?.seed(world) : undefined
}

function catalogue(world: World): Seeded {
  const prices = [
    ['pro', 'Pro', 2000, 20_000],
    ['enterprise', 'Enterprise', 9900, 99_000],
  ] as const
  return Object.assign(
    {},
    ...prices.map(([key, name, month, year]) => {
      const product = run(world, ['products.create'], { name })
      const price = (interval: string, amount: number): string =>
        run(world, ['prices.create'], {
          product,
          currency: 'usd',
          unit_amount: amount,
          recurring: { interval },
          lookup_key: `${key}_${interval}`,
        })
      return { [key]: product, [`${key}_month`]: price('month', month), [`${key}_year`]: price('year', year) }
    }),
  ) as Seeded
}

function subscribers(world: World): Seeded {
  const made = catalogue(world)
  const price = made['pro_month'] ?? ''
  const subscribe = (state: string, { card = 'pm_card_visa', clock, ...params }: Terms = {}): Seeded => {
    const customer = createCustomer(world, { state, card, clock })
    const id = run(world, ['subscriptions.create'], { customer, items: [{ price }], ...params })
    return { [`${state}_customer`]: customer, [state]: id }
  }
  const clock = run(world, ['test_clocks.create'], { frozen_time: world.now, name: 'past_due' })
  const active = subscribe('active')
  const canceled = subscribe('canceled')
  run(world, ['subscriptions.cancel', canceled['canceled'] ?? ''], {})
  const failing = subscribe('past_due', { clock, trial_end: world.now + DAY, card: 'pm_card_chargeCustomerFail' })
  run(world, ['test_clocks.advance', clock], { frozen_time: world.now + 3 * DAY })
  return {
    ...made,
    ...active,
    ...canceled,
    ...failing,
    ...subscribe('trialing', { trial_period_days: 14 }),
    ...subscribe('incomplete', { card: 'pm_card_chargeCustomerFail' }),
    ...subscribe('canceling', { cancel_at_period_end: true }),
  }
}

interface Terms {
  readonly card?: string
  readonly clock?: string
  readonly [param: string]: unknown
}

function crowd(world: World): Seeded {
  const made = catalogue(world)
  for (let number = 1; number <= CROWD; number++) {
    const customer = createCustomer(world, { state: `customer${number}`, card: 'pm_card_visa', clock: undefined })
    run(world, ['subscriptions.create'], { customer, items: [{ price: made['pro_month'] }] })
  }
  return made
}

function createCustomer(
  world: World,
  { state, card, clock }: { readonly state: string; readonly card: string; readonly clock: string | undefined },
): string {
  return run(world, ['customers.create'], {
    name: state,
    email: `${state}@example.com`,
    payment_method: card,
    invoice_settings: { default_payment_method: card },
    ...(clock !== undefined && { test_clock: clock }),
  })
}

/** Runs a command that must succeed, and answers the id of what it made. */
function run(
  world: World,
  [name, id = '']: readonly [name: string, id?: string],
  params: Readonly<Record<string, unknown>>,
): string {
  const reply = world.run({ name, path: { id }, params })
  if (!reply.ok) throw new Error(`The scenario cannot be played: ${name}: ${reply.error.message}`)
  return (reply.body as { readonly id: string }).id
}
