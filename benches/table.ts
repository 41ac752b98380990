const WIDTH = 14

/** Cells side by side, the first one as a heading. */
export function row([first = '', ...rest]: readonly string[]): string {
  return `${first.padEnd(34)}${rest.map((cell) => cell.padStart(WIDTH)).join('')}`
}

export function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[values.length >>> 1] ?? Number.NaN
}

export function rounded(value: number, digits = 0): string {
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

export function percent(share: number): string {
  return `${rounded(share * 100)} %`
}

/** A figure beside its limit, and whether it keeps it. */
export function judged(what: string, { value, limit }: { value: string; limit: string }, isKept: boolean): boolean {
  console.log(`${row([what, value])}   ${isKept ? 'keeps' : 'MISSES'} ${limit}`)
  return isKept
}

/** A table as it stands in the documentation. */
export function markdown(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...lines].map((line) => (line[column] ?? '').length)))
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => pad(cells[column] ?? '', { width, isFirst: column === 0 })).join(' | ')} |`
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [line(head), rule, ...lines.map(line)].join('\n')
}

function pad(cell: string, { width, isFirst }: { readonly width: number; readonly isFirst: boolean }): string {
  return isFirst ? cell.padEnd(width) : cell.padStart(width)
}
