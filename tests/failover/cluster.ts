import { until } from '../instances/until.js'
import { freePort } from 'paywright/testing'
import { type Daemon, makeFolder, type Site, startDaemon } from './daemon.js'
import { createNode, type Node } from './node.js'
import type { Programs } from './programs.js'

/** Three machines, of which one is the primary, one stands by in step with it, and one follows. */
export interface Cluster {
  readonly nodes: readonly Node[]
  /** The node that is the primary as the others know it; `null` while there is none. */
  primary(): Promise<Node | null>
  /** Resolves when all three are up, on one timeline, and one is in step with the primary. */
  whole(): Promise<void>
  stop(): Promise<void>
}

/** The longest that making or mending the cluster may take, in seconds. */
const LONGEST_REPAIR = 180

const NAMES = ['n1', 'n2', 'n3']

export async function startCluster(site: Site, programs: Programs): Promise<Cluster> {
  const { etcd, url } = await startEtcd(site, programs)
  const nodes: Node[] = []
  for (const name of NAMES) nodes.push(await createNode({ site, programs, etcdUrl: url }, name))
  const whole = (): Promise<void> =>
    until(async () => areUp(nodes) && isWhole(await membersOf(nodes)), {
      seconds: LONGEST_REPAIR,
      what: async () =>
        `the cluster was whole: ${JSON.stringify(await membersOf(nodes))}\n${nodes.map((node) => node.logged()).join('\n')}`,
    })
  for (const node of nodes) node.start()
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.stop()))
    await etcd.end('SIGTERM')
  }
  try {
    await whole()
  } catch (error) {
    await stop()
    throw error
  }
  return {
    nodes,
    primary: async () => {
      const leaders = (await membersOf(nodes)).filter(({ role, state }) => role === 'leader' && state === 'running')
      return nodes.find(({ name }) => name === leaders[0]?.name) ?? null
    },
    whole,
    stop,
  }
}

async function startEtcd(site: Site, programs: Programs): Promise<{ etcd: Daemon; url: string }> {
  const [url, peerUrl] = [`http://127.0.0.1:${await freePort()}`, `http://127.0.0.1:${await freePort()}`]
  const words = {
    name: 'drill',
    'data-dir': makeFolder(site, 'etcd'),
    'listen-client-urls': url,
    'advertise-client-urls': url,
    'listen-peer-urls': peerUrl,
    'initial-advertise-peer-urls': peerUrl,
    'initial-cluster': `drill=${peerUrl}`,
  }
  const etcd = startDaemon(site, {
    name: 'etcd',
    program: programs.etcd,
    words: Object.entries(words).flatMap(([word, value]) => [`--${word}`, value]),
  })
  return { etcd, url }
}

interface Member {
  readonly name: string
  readonly role: string
  readonly state: string
  readonly timeline?: number
  readonly lag?: number | string
}

/** The cluster as the first node that answers knows it. */
async function membersOf(nodes: readonly Node[]): Promise<readonly Member[]> {
  for (const { restUrl, isRunning } of nodes) {
    if (!isRunning()) continue
    const members = await askMembers(restUrl)
    if (members.length > 0) return members
  }
  return []
}

async function askMembers(restUrl: string): Promise<readonly Member[]> {
  try {
    const response = await fetch(`${restUrl}/cluster`, { signal: AbortSignal.timeout(2000) })
    const answer: unknown = await response.json()
    // Guaranteed by Patroni's REST API: `members` is a list of these.
    return (answer as { members?: readonly Member[] }).members ?? []
  } catch {
    // It is only starting, or gone; the others may answer.
    return []
  }
}

/** There is no point in waiting for one that has ended by itself. */
function areUp(nodes: readonly Node[]): true {
  const ended = nodes.find(({ isRunning }) => !isRunning())
  if (ended !== undefined) throw new Error(`The Patroni of ${ended.name} has ended:\n${ended.logged()}`)
  return true
}

function isWhole(members: readonly Member[]): boolean {
  const timelines = new Set(members.map(({ timeline }) => timeline))
  const isUp = ({ state }: Member): boolean => state === 'running' || state === 'streaming'
  return (
    members.length === NAMES.length &&
    members.every(isUp) &&
    timelines.size === 1 &&
    members.some(({ role }) => role === 'leader') &&
    members.some(({ role }) => role === 'sync_standby')
  )
}
