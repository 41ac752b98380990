import type { Finding } from '../finding.js'

interface Forbidden {
  readonly pattern: RegExp
  readonly message: string
}

const FORBIDDEN: readonly Forbidden[] = [
  {
    pattern: /\bcancell(?:ed|ing)\b/gi,
    message: 'Stripe writes it with one l: `canceled`, `canceling`.',
  },
  {
    pattern:
      /(?<![\w.])(?:registry|npm|pypi|mirrors?|artifactory|nexus)(?:\.[a-z0-9-]+)+\.(?:com|org|net|io|dev|cn)\b/gi,
    message: 'Name no registry host: every user has their own.',
  },
  {
    pattern: /(?<![\w.~}-])\/(?:home|Users|root|work|tmp)\/[\w.-]+/g,
    message: 'Name no path of one machine: make it relative, or ask `os.tmpdir()`.',
  },
]

/** Words that stand in no text file of the repository. */
export function forbiddenWords(path: string, text: string): readonly Finding[] {
  return FORBIDDEN.flatMap(({ pattern, message }) =>
    [...text.matchAll(pattern)].map((match) => ({
      file: path,
      line: text.slice(0, match.index).split('\n').length,
      rule: 'words',
      message: `\`${match[0]}\`: ${message}`,
    })),
  )
}
