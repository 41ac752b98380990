import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'

/** What was found when a journal was opened. */
export interface Opened<Entry> {
  readonly journal: Journal<Entry>
  readonly entries: readonly Entry[]
  /** Bytes of a last line that a crash left unfinished; they were cut off. */
  readonly cutBytes: number
}

/** Once this many entries were added, the journal is written anew as a snapshot. */
const COMPACT_AFTER = 20_000

/**
 * An append-only log in a file, one line of JSON for each change. `saved` resolves when all that was added is on disk;
 * whoever waits at the same time shares one write.
 */
export class Journal<Entry> {
  readonly #path: string
  readonly #snapshot: () => readonly Entry[]
  #file: FileHandle
  #waiting: string[] = []
  #writing: Promise<void> | undefined
  /** How many entries were ever added, how many of them are on disk, and how many since the log was written anew. */
  #added = 0
  #saved = 0
  #sinceAnew = 0

  private constructor(path: string, file: FileHandle, snapshot: () => readonly Entry[]) {
    this.#path = path
    this.#file = file
    this.#snapshot = snapshot
  }

  /** Opens a journal, or begins one. `snapshot` says in entries what the world is, whenever the log is written anew. */
  static async open<Entry>(path: string, snapshot: () => readonly Entry[]): Promise<Opened<Entry>> {
    const { entries, cutBytes } = readJournal(path)
    const journal = new Journal(path, await open(path, 'a'), snapshot)
    // Guaranteed: what is in the file was written by `add` or by the snapshot.
    return { journal, entries: entries as Entry[], cutBytes }
  }

  add(entry: Entry): void {
    this.#waiting.push(`${JSON.stringify(entry)}\n`)
    this.#added += 1
    this.#sinceAnew += 1
  }

  /** Resolves when everything added so far is on disk. */
  async saved(): Promise<void> {
    const added = this.#added
    while (this.#saved < added) await this.#once(() => this.#write())
  }

  /** Writes the whole log anew, as short as it can be. */
  async compact(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing
    await this.#once(() => this.#rewrite())
  }

  async close(): Promise<void> {
    await this.saved()
    await this.#file.close()
  }

  /** Joins the write that is under way, or begins one. */
  #once(write: () => Promise<void>): Promise<void> {
    this.#writing ??= write().finally(() => (this.#writing = undefined))
    return this.#writing
  }

  async #write(): Promise<void> {
    if (this.#sinceAnew > COMPACT_AFTER) return this.#rewrite()
    const added = this.#added
    const lines = this.#waiting
    this.#waiting = []
    await this.#file.appendFile(lines.join(''))
    await this.#file.datasync()
    this.#saved = added
  }

  async #rewrite(): Promise<void> {
    this.#waiting = []
    this.#sinceAnew = 0
    writeAnew(
      this.#path,
      this.#snapshot().map((entry) => `${JSON.stringify(entry)}\n`),
    )
    this.#saved = this.#added
    await this.#file.close()
    this.#file = await open(this.#path, 'a')
  }
}

/** All in one go, so that what is added meanwhile is either in the snapshot or after it. */
function writeAnew(path: string, lines: readonly string[]): void {
  const draft = openSync(`${path}.new`, 'w')
  for (const line of lines) writeFileSync(draft, line)
  fsyncSync(draft)
  closeSync(draft)
  renameSync(`${path}.new`, path)
  const folder = openSync(dirname(path), 'r')
  fsyncSync(folder)
  closeSync(folder)
}

function readJournal(path: string): { entries: unknown[]; cutBytes: number } {
  if (!existsSync(path)) return { entries: [], cutBytes: 0 }
  const bytes = readFileSync(path)
  const entries: unknown[] = []
  let start = 0
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    const entry = parseLine(bytes.toString('utf8', start, end))
    if (entry === undefined && bytes.indexOf(10, end + 1) >= 0) {
      throw new Error(
        `${path} is damaged in line ${entries.length + 1}. Restore it from a copy, or start with another file.`,
      )
    }
    if (entry === undefined) break
    entries.push(entry)
    start = end + 1
  }
  const cutBytes = bytes.length - start
  if (cutBytes > 0) cutOff(path, start)
  return { entries, cutBytes }
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
