import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readSync, renameSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'

/** What was found when a journal was opened. */
export interface Opened<Entry> {
  readonly journal: Journal<Entry>
  readonly entries: readonly Entry[]
  /** Bytes of a last line that a crash left unfinished; they were cut off. */
  readonly cutBytes: number
}

/** The log is written anew when more was added than it began with, so that all rewriting together stays cheap. */
const COMPACT_AFTER = 8_000_000

const ENTRIES_AT_ONCE = 16
const CHUNK = 1 << 20
const NEWLINE = 10

/**
 * An append-only log in a file, one line of JSON for each change. `saved` resolves when all that was added is on disk;
 * whoever waits at the same time shares one write. While the log is written anew, it goes on in the old file.
 */
export class Journal<Entry> {
  readonly #path: string
  readonly #snapshot: () => Iterable<Entry>
  #file: FileHandle
  #waiting: string[] = []
  /** What was added since the snapshot that is being written; it follows the snapshot in the new file. */
  #meanwhile: string[] | undefined
  #writing: Promise<void> | undefined
  #compacting: Promise<void> | undefined
  #failure: Error | undefined
  /** How many entries were ever added, and how many of them are on disk. */
  #added = 0
  #saved = 0
  /** Characters in the log when it was last written anew, and since. */
  #size = 0
  #grown = 0

  private constructor(path: string, file: FileHandle, snapshot: () => Iterable<Entry>) {
    this.#path = path
    this.#file = file
    this.#snapshot = snapshot
  }

  /** Opens a journal, or begins one. `snapshot` says in entries what the world is, whenever the log is written anew. */
  static async open<Entry>(path: string, snapshot: () => Iterable<Entry>): Promise<Opened<Entry>> {
    const { entries, cutBytes } = readJournal(path)
    const journal = new Journal(path, await open(path, 'a'), snapshot)
    // Guaranteed: what is in the file was written by `add` or by the snapshot.
    return { journal, entries: entries as Entry[], cutBytes }
  }

  add(entry: Entry): void {
    this.#waiting.push(`${JSON.stringify(entry)}\n`)
    this.#added += 1
  }

  /** Resolves when everything added so far is on disk. */
  async saved(): Promise<void> {
    const added = this.#added
    while (this.#saved < added) {
      if (this.#failure !== undefined) throw this.#failure
      await (this.#writing ?? this.#alone(() => this.#write()))
    }
  }

  /** Writes the whole log anew, as short as it can be. */
  async compact(): Promise<void> {
    await this.#compacting
    await (this.#compacting = this.#rewrite().finally(() => (this.#compacting = undefined)))
  }

  async close(): Promise<void> {
    await this.#compacting
    await this.saved()
    await this.#file.close()
  }

  /** Runs one write after the other. */
  async #alone(write: () => Promise<void>): Promise<void> {
    while (this.#writing !== undefined) await this.#writing
    await (this.#writing = write().finally(() => (this.#writing = undefined)))
  }

  async #write(): Promise<void> {
    const added = this.#added
    const text = this.#taken()
    if (this.#meanwhile !== undefined) this.#meanwhile.push(text)
    await this.#append(text)
    this.#saved = added
    if (this.#compacting !== undefined || this.#grown < Math.max(COMPACT_AFTER, this.#size)) return
    // A failure is told to whoever next wants something saved.
    this.compact().catch((error: unknown) => {
      this.#failure = new Error(`${this.#path} could not be written anew.`, { cause: error })
    })
  }

  #taken(): string {
    const text = this.#waiting.join('')
    this.#waiting = []
    return text
  }

  async #append(text: string): Promise<void> {
    await this.#file.appendFile(text)
    await this.#file.datasync()
    this.#grown += text.length
  }

  async #rewrite(): Promise<void> {
    let entries: Iterable<Entry> = []
    await this.#alone(async () => {
      // What waits is in the snapshot, and goes to the old file only to be safe until the new one is there.
      const added = this.#added
      entries = this.#snapshot()
      this.#meanwhile = []
      await this.#append(this.#taken())
      this.#saved = added
    })
    const draft = await open(`${this.#path}.new`, 'w')
    const size = await writeEntries(draft, entries)
    await this.#alone(() => this.#replaceBy(draft, size))
  }

  async #replaceBy(draft: FileHandle, size: number): Promise<void> {
    const since = this.#meanwhile?.join('') ?? ''
    this.#meanwhile = undefined
    await draft.appendFile(since)
    await draft.sync()
    renameSync(`${this.#path}.new`, this.#path)
    syncFolder(dirname(this.#path))
    await this.#file.close()
    this.#file = draft
    this.#size = size
    this.#grown = since.length
  }
}

/** Little by little, so that requests are answered in between. Answers the number of characters. */
async function writeEntries(file: FileHandle, entries: Iterable<unknown>): Promise<number> {
  let size = 0
  let lines: string[] = []
  const flush = async (): Promise<void> => {
    const text = lines.join('')
    lines = []
    size += text.length
    await file.appendFile(text)
  }
  for (const entry of entries) {
    if (lines.push(`${JSON.stringify(entry)}\n`) === ENTRIES_AT_ONCE) await flush()
  }
  await flush()
  return size
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  fsyncSync(folder)
  closeSync(folder)
}

function readJournal(path: string): { entries: unknown[]; cutBytes: number } {
  if (!existsSync(path)) return { entries: [], cutBytes: 0 }
  const entries: unknown[] = []
  let whole = 0
  let damaged = 0
  let length = 0
  for (const { text, end } of linesIn(path)) {
    length = end
    const entry = text === undefined || damaged > 0 ? undefined : parseLine(text)
    if (entry === undefined) {
      damaged += 1
      continue
    }
    entries.push(entry)
    whole = end
  }
  if (damaged > 1) {
    throw new Error(
      `${path} is damaged in line ${entries.length + 1}. Restore it from a copy, or start with another file.`,
    )
  }
  const cutBytes = length - whole
  if (cutBytes > 0) cutOff(path, whole)
  return { entries, cutBytes }
}

interface Line {
  /** `undefined` where the file ends without a line break. */
  readonly text: string | undefined
  /** Where in the file the line ends. */
  readonly end: number
}

/** The lines of a file that may be larger than any one buffer. */
function* linesIn(path: string): Generator<Line> {
  const file = openSync(path, 'r')
  const chunk = Buffer.alloc(CHUNK)
  let begun: Buffer[] = []
  let offset = 0
  for (let size = readSync(file, chunk); size > 0; size = readSync(file, chunk)) {
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0 && end < size; end = chunk.indexOf(NEWLINE, start)) {
      yield { text: Buffer.concat([...begun, chunk.subarray(start, end)]).toString('utf8'), end: offset + end + 1 }
      begun = []
      start = end + 1
    }
    if (start < size) begun.push(Buffer.from(chunk.subarray(start, size)))
    offset += size
  }
  closeSync(file)
  if (begun.length > 0) yield { text: undefined, end: offset }
}

/** One entry, or `undefined` where the line is not whole. */
function parseLine(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function cutOff(path: string, length: number): void {
  const file = openSync(path, 'r+')
  ftruncateSync(file, length)
  fsyncSync(file)
  closeSync(file)
}
