/** One breach of a rule. The message says what to do instead. */
export interface Finding {
  readonly file: string
  readonly line: number
  readonly rule: string
  readonly message: string
}

/** All findings as one text: a line each, by file and line. */
export function formatFindings(findings: readonly Finding[]): string {
  return findings
    .toSorted((left, right) => left.file.localeCompare(right.file) || left.line - right.line)
    .map(({ file, line, rule, message }) => `${file}:${line} [${rule}] ${message}`)
    .join('\n')
}
