import type { Finding } from './finding.js'
import { parseSource, type Source } from './source.js'

/** A rule about one TypeScript file. */
export interface Rule {
  readonly name: string
  /** Whether the rule speaks about the file at this path. */
  appliesTo(path: string): boolean
  check(source: Source): readonly Breach[]
}

/** What a rule found: where in the text, and what to do instead. */
export interface Breach {
  readonly offset: number
  readonly message: string
}

/** Runs rules over one parsed file. */
export function findingsIn(source: Source, rules: readonly Rule[]): readonly Finding[] {
  return rules
    .filter((rule) => rule.appliesTo(source.path))
    .flatMap((rule) =>
      rule.check(source).map(({ offset, message }) => ({
        file: source.path,
        line: source.lineAt(offset),
        rule: rule.name,
        message,
      })),
    )
}

/** Runs one rule over a text, as its tests do: the lines and messages it finds. */
export function tryRule(rule: Rule, path: string, text: string): readonly string[] {
  return findingsIn(parseSource(path, text), [rule]).map(({ line, message }) => `${line}: ${message}`)
}
