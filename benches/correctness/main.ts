import { startApiProxy, type ApiProxy, NO_TROUBLE } from '../api-proxy.js'
import { chosenNames } from '../contestants/roster.js'
import type { Running } from '../contestants/running.js'
import { readFlags } from '../flags.js'
import { createRandom } from '../random.js'
import { compareRows } from '../rows.js'
import { setStage, type Stage } from '../stage.js'
import { deliver, deliverOnce, pause } from './deliver.js'
import { playLive } from './live.js'
import { report } from './report.js'
import type { Result } from './result.js'
import { SCENARIOS, type Scenario } from './scenarios.js'
import { playStories, type Size, type Story } from './stories.js'

const DAY = 86_400

/** All that is played before it is delivered happened within this time, in which no subscription is renewed. */
const PLAYED_DAYS = 25

interface Bench extends Stage {
  readonly proxy: ApiProxy
  readonly seed: number
  readonly size: Size
}

/** The same signed events to all, and what their rows say afterwards. Ends with 1 where a row of ours is wrong. */
async function main(): Promise<void> {
  const { quick, only, seed, subscriptions } = readFlags()
  const size = { subscriptions: subscriptions ?? (quick ? 10 : 40), changes: quick ? 3 : 6 }
  const now = Math.floor(Date.now() / 1000)
  const proxies: ApiProxy[] = []
  const stage = await setStage(now - PLAYED_DAYS * DAY, chosenNames(only), async ({ simulator }) => {
    const proxy = await startApiProxy(simulator, createRandom(seed))
    proxies.push(proxy)
    return proxy
  })
  const [proxy] = proxies
  if (proxy === undefined) throw new Error('There is no proxy.')
  try {
    const results = await runAll({ ...stage, proxy, seed, size }, now)
    process.exitCode = report(results, stage.contestants) ? 0 : 1
  } finally {
    await stage.strike()
  }
}

async function runAll(bench: Bench, now: number): Promise<readonly Result[]> {
  const { world, contestants, size, seed } = bench
  const scenarios = SCENARIOS.filter(({ isLive = false }) => !isLive)
  const stories = await playStories(world, { scenarios, size, now }, createRandom(seed))
  const customers = stories.flatMap((story) => story.customers)
  for (const running of contestants) await running.introduce(customers)
  const results: Result[] = []
  for (const scenario of SCENARIOS) {
    const story = stories.find((candidate) => candidate.scenario === scenario)
    for (const running of contestants) {
      const result = await run(bench, running, story ?? scenario)
      results.push(result)
      tell(result)
    }
  }
  return results
}

async function run(bench: Bench, running: Running, what: Story | Scenario): Promise<Result> {
  const { world, proxy, seed, size } = bench
  const scenario = 'scenario' in what ? what.scenario : what
  proxy.worsen(scenario.trouble)
  proxy.takeCount()
  const random = createRandom(seed)
  const played = 'scenario' in what ? what : await playLive({ world, running }, size, random)
  if ('scenario' in what) await deliverStory(bench, running, what)
  proxy.worsen(NO_TROUBLE)
  await running.settle()
  const verdict = await compareRows(world, running, played.subscriptionIds)
  const events = typeof played.events === 'number' ? played.events : played.events.length
  return {
    ...verdict,
    scenario: scenario.name,
    contestant: running.contestant.name,
    events,
    apiReads: proxy.takeCount(),
  }
}

async function deliverStory({ postgres, seed }: Bench, running: Running, { scenario, events }: Story): Promise<void> {
  const arranged = scenario.arrange(events, createRandom(seed))
  if (scenario.isDatabaseLost !== true) return deliver(running, arranged, scenario.connections)
  const half = Math.floor(arranged.length / 2)
  const few = half + 4 * scenario.connections
  await deliver(running, arranged.slice(0, half), scenario.connections)
  // Some are on their way when it happens, and the others come afterwards.
  const caught = deliverOnce(running, arranged.slice(half, few), scenario.connections)
  await postgres.takeDown()
  const refused = [...(await caught), ...(await deliverOnce(running, arranged.slice(few), scenario.connections))]
  await postgres.bringUp()
  // Stripe tries again after minutes, when the pools have noticed.
  await pause(1000)
  await deliver(running, refused, scenario.connections)
}

function tell({ scenario, contestant, subscriptions, wrong, events, apiReads, example }: Result): void {
  const why = process.env['BENCH_VERBOSE'] === undefined || example === null ? '' : ` ${example}`
  const at = `${(performance.now() / 1000).toFixed(0)} s: `
  console.error(
    `${at}${scenario}: ${contestant}: ${wrong} of ${subscriptions} wrong, ${events} events, ${apiReads} reads${why}`,
  )
}

await main()
