interface Breaking {
  readonly pattern: RegExp
  /** With this beside it, it is none. */
  readonly unless?: RegExp
  readonly why: string
}

/** What an instance of the release before would stumble over, by the words that bring it about. */
const BREAKING: readonly Breaking[] = [
  { pattern: /\bdrop\s+(?!index\b|not\s+null\b|default\b)/i, why: 'takes something away' },
  { pattern: /\brename\b/i, why: 'renames something' },
  { pattern: /\balter\s+column\s+\S+\s+(?:set\s+data\s+)?type\b/i, why: 'changes a type' },
  { pattern: /\bset\s+not\s+null\b/i, why: 'refuses a null that was taken' },
  { pattern: /\badd\b.*\bnot\s+null\b/i, unless: /\bdefault\b/i, why: 'demands a value that is not written' },
  {
    pattern: /\badd\s+(?:constraint\s+\S+\s+)?(?:check|foreign\s+key|unique|primary\s+key|exclude)\b/i,
    why: 'refuses rows that were taken',
  },
  { pattern: /\bcreate\s+unique\s+index\b/i, why: 'refuses rows that were taken' },
  { pattern: /\b(?:delete\s+from|truncate)\b/i, why: 'deletes rows' },
  { pattern: /\bcreate\s+(?:or\s+replace\s+)?(?:constraint\s+)?(?:trigger|rule)\b/i, why: 'changes what is written' },
]

const COMMENT = /--[^\n]*/g
const OF_ITS_OWN = /^create (?:table|schema|view|materialized view)\b/i

/** The statements of a migration that instances of the release before could not live with, and why. */
export function breakingStatements(sql: string): readonly { readonly statement: string; readonly why: string }[] {
  const statements = sql
    .replaceAll(COMMENT, '')
    .split(';')
    .map((statement) => statement.replaceAll(/\s+/g, ' ').trim())
  return statements
    .filter((statement) => !OF_ITS_OWN.test(statement))
    .flatMap((statement) => BREAKING.filter((rule) => breaks(statement, rule)).map(({ why }) => ({ statement, why })))
}

/** Each clause by itself, because what stands beside one says nothing about another. */
function breaks(statement: string, { pattern, unless }: Breaking): boolean {
  return statement.split(/,(?![^(]*\))/).some((clause) => pattern.test(clause) && unless?.test(clause) !== true)
}
