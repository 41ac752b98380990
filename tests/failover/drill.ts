import { postgres } from 'paywright'
import { audit, type Audit } from '../instances/audit.js'
import { converge } from '../instances/converge.js'
import { createStage, type Stage } from '../instances/stage.js'
import { until } from '../instances/until.js'
import { type Bouncer, startBouncer } from './bouncer.js'
import { type Cluster, startCluster } from './cluster.js'
import { createSite, type Site } from './daemon.js'
import type { Node } from './node.js'
import type { Programs } from './programs.js'
import { createTimeline, type Timeline } from './timeline.js'

/** How the processes find the primary: one pooler that an operator turns to it, or one before each node, all of them named. */
export type Way = 'reload' | 'hosts'

export interface DrillOptions {
  readonly folder: string
  readonly programs: Programs
  /** The compiled program of one process. */
  readonly program: string
  readonly way: Way
  readonly seed: number
  readonly say: (line: string) => void
}

export interface DrillReport extends Audit {
  readonly timeline: ReturnType<Timeline['entries']>
  /** Answers to deliveries by status; 0: none. */
  readonly answers: Readonly<Record<string, number>>
}

/** As many as the issue of several instances asks for; their clocks are right, for once. */
const SKEWS = [0, 0, 0, 0]

/** That of the product: the drill shows how long it really takes. */
const LEASE_SECONDS = 60

/** Acknowledged before the primary is killed, and what the client does after the first good answer. */
const WARM_UP = 200
const ACTIONS_AFTERWARDS = 30

const LONGEST_WAIT = 180

export async function drill(options: DrillOptions): Promise<DrillReport> {
  const { folder, programs, way, say } = options
  const site = createSite(folder)
  const cluster = await startCluster(site, programs)
  try {
    say('The cluster is up: three nodes, synchronous and strict.')
    const pooling = await startPooling(site, programs, { cluster, way })
    try {
      return await play(options, { cluster, pooling })
    } finally {
      await pooling.stop()
    }
  } finally {
    await cluster.stop()
  }
}

/** What stands between the processes and the nodes. */
interface Pooling {
  readonly url: string
  turnTo(primary: Node): void
  stop(): Promise<void>
}

async function startPooling(
  site: Site,
  programs: Programs,
  { cluster, way }: { cluster: Cluster; way: Way },
): Promise<Pooling> {
  const primary = await primaryOf(cluster)
  const targets = way === 'hosts' ? cluster.nodes : [primary]
  const bouncers: Bouncer[] = []
  for (const { name, postgresPort } of targets) {
    bouncers.push(await startBouncer(site, programs, { name: `bouncer.${name}`, postgresPort }))
  }
  const hosts = bouncers.map(({ port }) => `127.0.0.1:${port}`).join(',')
  const wish = way === 'hosts' ? '?target_session_attrs=read-write' : ''
  return {
    url: `postgres://postgres@${hosts}/postgres${wish}`,
    turnTo: ({ postgresPort }) => {
      if (way === 'reload') for (const bouncer of bouncers) bouncer.turnTo(postgresPort)
    },
    stop: async () => void (await Promise.all(bouncers.map((bouncer) => bouncer.stop()))),
  }
}

interface Scene {
  readonly cluster: Cluster
  readonly pooling: Pooling
}

async function play(options: DrillOptions, scene: Scene): Promise<DrillReport> {
  const { program, seed, say } = options
  const stage = await createStage({
    program,
    seed,
    databaseUrl: scene.pooling.url,
    skews: SKEWS,
    isClockBelieved: false,
    leaseSeconds: LEASE_SECONDS,
    customersEach: 10,
  })
  try {
    say('Four processes work, and a client makes load.')
    stage.simulator.faults.deliveries({ duplicate: 0.2, reorder: 0.3 })
    const timeline = createTimeline(say)
    let isOver = false
    const playing = stage.client.play(() => isOver)
    try {
      await loseThePrimary(stage, scene, timeline)
    } finally {
      isOver = true
    }
    await playing
    const report = await lookFor(stage, scene.cluster, timeline)
    return { ...report, timeline: timeline.entries(), answers: Object.fromEntries(stage.balancer.answers) }
  } finally {
    await stage.close()
  }
}

/** Who looks for what was lost asks the primary itself, past all poolers, by a connection of its own. */
async function lookFor(stage: Stage, { nodes }: Cluster, timeline: Timeline): Promise<Audit> {
  const hosts = nodes.map(({ postgresPort }) => `127.0.0.1:${postgresPort}`).join(',')
  const database = postgres(`postgres://postgres@${hosts}/postgres?target_session_attrs=read-write`)
  try {
    await converge({ ...stage, database })
    timeline.mark('all is caught up, with what Stripe had to repeat')
    return await audit({ ...stage, database })
  } finally {
    await database.close()
  }
}

async function loseThePrimary(stage: Stage, { cluster, pooling }: Scene, timeline: Timeline): Promise<void> {
  const { balancer, client, fleet } = stage
  const waiting = (what: string) => ({
    seconds: LONGEST_WAIT,
    what: () => `${what}\n${fleet.logged().slice(-9).join('\n')}`,
  })
  await until(() => balancer.acknowledged.size >= WARM_UP, waiting('enough was acknowledged.'))
  const old = await primaryOf(cluster)
  balancer.onAnswer((status) => {
    const isGood = status >= 200 && status < 300
    if (!isGood) timeline.mark('the first delivery fails')
    else if (promoted) timeline.mark('the first delivery is stored again')
  })
  let promoted = false
  const before = balancer.acknowledged.size
  timeline.begin(`${old.name}, the primary, is killed with its Patroni; ${before} events are acknowledged`)
  await old.crash()
  await until(
    async () => ![undefined, old.name].includes((await cluster.primary())?.name),
    waiting('a node was promoted.'),
  )
  const next = await primaryOf(cluster)
  timeline.mark(`Patroni has promoted ${next.name}`)
  pooling.turnTo(next)
  promoted = true
  const resumed = balancer.acknowledged.size
  await until(() => balancer.acknowledged.size > resumed, waiting('a delivery was stored again.'))
  const enough = client.done() + ACTIONS_AFTERWARDS
  await until(() => client.done() >= enough, waiting('the client could go on.'))
  old.start()
  timeline.mark(`${old.name} is started again, while the load goes on`)
  await cluster.whole()
  timeline.mark('the cluster is whole: three nodes on one timeline, one in step with the primary')
}

async function primaryOf(cluster: Cluster): Promise<Node> {
  const primary = await cluster.primary()
  if (primary === null) throw new Error('There is no primary.')
  return primary
}
