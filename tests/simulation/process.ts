/** Something that takes steps: an engine's process, the client, the network. Only engines die or stand still. */
export interface Process {
  readonly name: string
  readonly isEngine: boolean
  isAlive: boolean
  /** Until then, in milliseconds of virtual time, it takes no step: it was stopped, or waits for a page from disk. */
  stalledUntil: number
}

export function newProcess(name: string, options: { readonly isEngine: boolean }): Process {
  return { name, isEngine: options.isEngine, isAlive: true, stalledUntil: 0 }
}

/** What a step inside a transaction throws when its process dies there, so that the database rolls back. */
export class ProcessDied extends Error {
  constructor(name: string) {
    super(`${name} died.`)
    this.name = 'ProcessDied'
  }
}

/** What never comes to an end: the rest of a process that is dead. */
export function never(): Promise<never> {
  return new Promise(() => undefined)
}
