import type { Owner } from './owner.js'

/**
 * A map from text to values that is copied in no time: nodes are shared by all copies until one of them changes them.
 * Each branch parts its keys by five bits of their hash; where few are left they hang in a chain, which is never changed
 * but made anew from the front. A chain wastes no room, of which a million small arrays would waste most.
 */
export type Trie<Value> = Branch<Value> | Chain<Value>

interface Branch<Value> {
  readonly owner: Owner
  readonly children: Trie<Value>[]
}

type Chain<Value> = Link<Value> | null

interface Link<Value> {
  /** Of the key: to compare numbers is cheaper than to compare texts, most of which differ. */
  readonly hash: number
  readonly key: string
  readonly value: Value
  readonly next: Chain<Value>
  /** Of the chain from here on: to count its links would be to look at each. */
  readonly length: number
}

/** What is put into a map. */
interface Placed<Value> {
  readonly key: string
  readonly value: Value
  /** Known to be under no key of the map: it need not be looked for. */
  readonly isNew?: boolean
}

/** Fewer, and more steps lead to a key, each to a place in memory of its own; more, and a change copies more. */
const BITS = 5
const MASK = 2 ** BITS - 1
const DEEPEST = Math.floor(32 / BITS)
/** Measured with 1,000,000 keys: shorter chains cost memory, longer ones time. */
const LONGEST_CHAIN = 10

/** Copied, as that is the fastest way to make an array of this length. */
const NO_CHILDREN: readonly null[] = Array.from({ length: MASK + 1 }, () => null)

export function emptyTrie<Value>(): Trie<Value> {
  return null
}

export function getIn<Value>(trie: Trie<Value>, key: string): Value | undefined {
  const hash = hashOf(key)
  let node = trie
  for (let rest = hash; isBranch(node); rest >>>= BITS) node = node.children[rest & MASK] ?? null
  for (let link = node; link !== null; link = link.next) if (link.hash === hash && link.key === key) return link.value
  return undefined
}

/** Answers the map with this value under this key: itself where it is the owner's, else a copy of what changed. */
export function setIn<Value>(trie: Trie<Value>, placed: Placed<Value>, owner: Owner): Trie<Value> {
  const hash = hashOf(placed.key)
  if (!isBranch(trie)) return shortened(withLink(trie, hash, placed), 0, owner)
  const root = owned(trie, owner)
  let branch = root
  for (let depth = 1, rest = hash; ; depth++, rest >>>= BITS) {
    const child = branch.children[rest & MASK] ?? null
    if (!isBranch(child)) {
      branch.children[rest & MASK] = shortened(withLink(child, hash, placed), depth, owner)
      return root
    }
    branch = branch.children[rest & MASK] = owned(child, owner)
  }
}

function withLink<Value>(chain: Chain<Value>, hash: number, { key, value, isNew = false }: Placed<Value>): Link<Value> {
  const isThere = !isNew && getIn(chain, key) !== undefined
  return linked({ hash, key, value }, isThere ? without(chain, key) : chain)
}

function linked<Value>(
  { hash, key, value }: Pick<Link<Value>, 'hash' | 'key' | 'value'>,
  next: Chain<Value>,
): Link<Value> {
  return { hash, key, value, next, length: next === null ? 1 : next.length + 1 }
}

/** The chain without the key, which is in it. */
function without<Value>(chain: Chain<Value>, unwanted: string): Chain<Value> {
  if (chain === null || chain.key === unwanted) return chain === null ? null : chain.next
  return linked(chain, without(chain.next, unwanted))
}

/** A chain that has grown too long becomes a branch. */
function shortened<Value>(chain: Link<Value>, depth: number, owner: Owner): Trie<Value> {
  if (chain.length <= LONGEST_CHAIN || depth === DEEPEST) return chain
  const children: Chain<Value>[] = NO_CHILDREN.slice()
  for (let link: Chain<Value> = chain; link !== null; link = link.next) {
    const slot: number = (link.hash >>> (depth * BITS)) & MASK
    children[slot] = linked(link, children[slot] ?? null)
  }
  return { owner, children }
}

/** Answers the map without this key, in the manner of `setIn`. */
export function removeIn<Value>(trie: Trie<Value>, key: string, owner: Owner): Trie<Value> {
  return getIn(trie, key) === undefined ? trie : removeAt(trie, { key, rest: hashOf(key) }, owner)
}

function removeAt<Value>(
  node: Trie<Value>,
  { key, rest }: { readonly key: string; readonly rest: number },
  owner: Owner,
): Trie<Value> {
  if (!isBranch(node)) return without(node, key)
  const branch = owned(node, owner)
  const child = branch.children[rest & MASK] ?? null
  branch.children[rest & MASK] = removeAt(child, { key, rest: rest >>> BITS }, owner)
  return branch
}

/** All entries, in no order that means anything. */
export function* entriesIn<Value>(trie: Trie<Value>): Generator<readonly [string, Value]> {
  if (isBranch(trie)) {
    for (const child of trie.children) yield* entriesIn(child)
    return
  }
  for (let link = trie; link !== null; link = link.next) yield [link.key, link.value]
}

function isBranch<Value>(node: Trie<Value>): node is Branch<Value> {
  return node !== null && 'children' in node
}

function owned<Value>(branch: Branch<Value>, owner: Owner): Branch<Value> {
  return branch.owner === owner ? branch : { owner, children: branch.children.slice() }
}

/** The mixing at the end is that of MurmurHash3, so that keys that differ in one letter part at once. */
function hashOf(key: string): number {
  let hash = 0
  for (let index = 0; index < key.length; index++) hash = (Math.imul(hash, 31) + key.charCodeAt(index)) | 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
