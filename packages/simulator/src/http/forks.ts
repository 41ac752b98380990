/** A simulator that was forked from another and serves on a port of its own. */
export interface Fork {
  readonly url: string
  readonly port: number
  close(): Promise<void>
}

const MOST_FORKS = 200

/** The forks that were asked for over HTTP. They end with the simulator they came from, if nobody ends them before. */
export class Forks {
  readonly #make: () => Promise<Fork>
  readonly #forks = new Map<number, Fork>()

  constructor(make: () => Promise<Fork>) {
    this.#make = make
  }

  /** Makes one more, or answers `undefined` when there are too many. */
  async add(): Promise<Fork | undefined> {
    if (this.#forks.size >= MOST_FORKS) return undefined
    const fork = await this.#make()
    this.#forks.set(fork.port, fork)
    return fork
  }

  list(): readonly Fork[] {
    return [...this.#forks.values()]
  }

  /** Ends the fork on this port; whether there was one. */
  async end(port: number): Promise<boolean> {
    const fork = this.#forks.get(port)
    this.#forks.delete(port)
    await fork?.close()
    return fork !== undefined
  }

  async close(): Promise<void> {
    await Promise.all([...this.#forks.keys()].map((port) => this.end(port)))
  }
}
