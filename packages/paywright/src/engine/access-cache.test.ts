import { beforeEach, describe, expect, test } from 'vitest'
import type { Claim, Store } from './ports.js'
import { createAccessCache, type AccessCache } from './access-cache.js'

const SCOPE = { account: 'acct_1', livemode: false }

/** A stand-in for the database: what it says, how often it was asked, and reads that are held up on the way back. */
interface World {
  readonly cache: AccessCache
  truth: Map<string, string | null>
  reads: number
  now: number
  /** From now on answers wait until `let` is called; they say what was true when they were asked. */
  hold(): { let: () => void }
}

let world: World
beforeEach(() => {
  world = createWorld()
})

describe('what is kept', () => {
  test('a second look within the time asks nobody, and one after it asks again', async () => {
    await look('ada')
    world.now += 9
    await look('ada')
    expect(world.reads).toBe(1)
    world.now += 1
    await look('ada')
    expect(world.reads).toBe(2)
  })

  test('a clock that is put back makes nothing last longer', async () => {
    await look('ada')
    world.now -= 1
    await look('ada')
    expect(world.reads).toBe(2)
  })

  test('who has no Stripe customer is asked for each time, because any process may link one', async () => {
    world.truth.set('ada', null)
    await look('ada')
    world.truth.set('ada', 'cus_1')
    expect(await look('ada')).toBe('cus_1')
  })

  test('of too many the one read first goes', async () => {
    for (const name of ['ada', 'bob', 'cy']) world.truth.set(name, `cus_${name}`)
    for (const name of ['ada', 'bob', 'cy', 'bob', 'cy']) await look(name)
    expect(world.reads).toBe(3)
    await look('ada')
    expect(world.reads).toBe(4)
  })
})

describe('what is forgotten', () => {
  test.each<[string, (cache: AccessCache) => Promise<unknown>]>([
    ['a sync that was written', ({ store }) => store.commitSync(CLAIM, { kind: 'nothing' }, 0)],
    ['a sync that another process has written', ({ store }) => store.doneSeq(SCOPE, 'cus_1')],
    ['a link that was made', ({ store }) => store.claimStripeCustomer(SCOPE, { ...LINK, generation: 1 })],
    ['a link that was ended', ({ store }) => store.releaseStripeCustomer(SCOPE, LINK)],
    ['by name', ({ forget }) => Promise.resolve(forget('ada'))],
  ])('%s', async (_what, write) => {
    await look('ada')
    await write(world.cache)
    await look('ada')
    expect(world.reads).toBe(2)
  })

  test('also where the write failed, which may have been committed', async () => {
    await look('ada')
    await expect(world.cache.store.commitSync({ ...CLAIM, token: 'broken' }, { kind: 'nothing' }, 0)).rejects.toThrow(
      'broke',
    )
    await look('ada')
    expect(world.reads).toBe(2)
  })

  test('a sync of one customer leaves the others', async () => {
    world.truth.set('bob', 'cus_bob')
    await look('bob')
    await world.cache.store.commitSync(CLAIM, { kind: 'nothing' }, 0)
    await look('bob')
    expect(world.reads).toBe(1)
  })
})

describe('a read that began before something was forgotten', () => {
  test.each<[string, (cache: AccessCache) => Promise<unknown>]>([
    ['a write', ({ store }) => store.commitSync(CLAIM, { kind: 'nothing' }, 0)],
    ['by name', ({ forget }) => Promise.resolve(forget('ada'))],
  ])('does not come back as news after %s', async (_what, write) => {
    const held = world.hold()
    const late = look('ada')
    world.truth.set('ada', 'cus_new')
    await write(world.cache)
    held.let()
    expect(await late).toBe('cus_1')
    expect(await look('ada')).toBe('cus_new')
  })

  test('in every order of reads, writes and answers, nobody is told what was over before they asked', async () => {
    const answers: Answer[] = []
    for (let turn = 0; turn < 200; turn += 1) answers.push(...(await shuffle(turn)))
    expect(answers.length).toBeGreaterThan(400)
    expect(answers.filter(({ told, atLeast }) => told < atLeast)).toEqual([])
  })
})

/** Which version somebody was told, and the one that was true when they asked. */
interface Answer {
  readonly told: number
  readonly atLeast: number
}

/** Readers and writers in an order that the turn gives; answers are held up and let go in between. */
async function shuffle(turn: number): Promise<readonly Answer[]> {
  world = createWorld()
  const looks: Promise<Answer>[] = []
  let held: { let: () => void } | null = null
  let bits = turn * 2_654_435_761
  for (let step = 0; step < 12; step += 1) {
    bits = (bits * 1_103_515_245 + 12_345) % 2_147_483_648
    const choice = Math.floor(bits / 65_536) % 4
    if (choice === 0) held = world.hold()
    if (choice === 1) held?.let()
    if (choice === 2) {
      world.truth.set('ada', `cus_${step}`)
      world.cache.forget('ada')
    }
    const atLeast = versionOf(world.truth.get('ada'))
    if (choice === 3) looks.push(look('ada').then((told) => ({ told: versionOf(told), atLeast })))
  }
  held?.let()
  return Promise.all(looks)
}

function versionOf(id: string | null | undefined): number {
  return Number(id?.split('_')[1])
}

const LINK = { customerId: 'ada', stripeCustomerId: 'cus_1' }

/** What the cache asks of a claim, and the stand-in for the database. */
const CLAIM = { subject: 'cus_1', token: 't' } as Claim

async function look(customerId: string): Promise<string | null> {
  return (await world.cache.accessFacts(SCOPE, customerId)).stripeCustomerId
}

function createWorld(): World {
  let gate: Promise<void> = Promise.resolve()
  let opening: () => void = () => {}
  const store = {
    accessFacts: async (_scope: unknown, customerId: string) => {
      created.reads += 1
      const stripeCustomerId = created.truth.get(customerId) ?? null
      await gate
      return { stripeCustomerId, subscriptions: [] }
    },
    commitSync: ({ token }: Claim) =>
      token === 'broken' ? Promise.reject(new Error('The connection broke.')) : Promise.resolve(true),
    doneSeq: () => Promise.resolve(1n),
    claimStripeCustomer: () => Promise.resolve({ ...LINK, email: null, name: null, generation: 1 }),
    releaseStripeCustomer: () => Promise.resolve({ ...LINK, email: null, name: null, generation: 1 }),
  }
  const clock = { now: () => created.now }
  const created: World = {
    cache: createAccessCache({ store: onlyWhatIsAsked(store), clock, seconds: 10, most: 2 }),
    truth: new Map([['ada', 'cus_1']]),
    reads: 0,
    now: 1000,
    hold: () => {
      opening()
      gate = new Promise((resolve) => {
        opening = resolve
      })
      return { let: opening }
    },
  }
  return created
}

/** The cache calls these methods of the store, and passes the others on. */
function onlyWhatIsAsked(part: Partial<Store>): Store {
  return part as Store
}
