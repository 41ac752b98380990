import { isObject, type Json, type Pair } from './recordings.js'

const ID = /(?<![A-Za-z0-9])[a-z]+(?:_[a-z]+)*_(?=[a-z]*[A-Z0-9])[A-Za-z0-9]{10,}(?![A-Za-z0-9])/g
const TOKEN = /^(?:pm_card|tok)_/

export function isId(text: string): boolean {
  return text.match(ID)?.[0] === text && !TOKEN.test(text)
}

/** Every id that a text mentions. */
export function idsIn(text: string): readonly string[] {
  return text.match(ID) ?? []
}

/** What recorded ids are called in the world that the recording is repeated in. */
export class Ids {
  readonly #own = new Map<string, string>()

  learn(recorded: string, own: string): void {
    if (!this.#own.has(recorded)) this.#own.set(recorded, own)
  }

  knows(recorded: string): boolean {
    return this.#own.has(recorded)
  }

  /** A text with our ids in place of the recorded ones. */
  translate(text: string): string {
    return this.#own.get(text) ?? text.replace(ID, (id) => this.#own.get(id) ?? id)
  }

  pairs(pairs: readonly Pair[]): readonly Pair[] {
    return pairs.map(([key, value]) => [key, this.translate(value)])
  }

  /** Remembers which id stands where in two answers to the same request. */
  learnFrom(recorded: Json, own: Json | undefined): void {
    if (typeof recorded === 'string' && typeof own === 'string' && isId(recorded)) return this.learn(recorded, own)
    if (Array.isArray(recorded) && Array.isArray(own)) {
      for (const [index, item] of recorded.entries()) this.learnFrom(item, own[index])
      return
    }
    if (!isObject(recorded) || !isObject(own)) return
    for (const [key, value] of Object.entries(recorded)) this.learnFrom(value, own[key])
  }
}
