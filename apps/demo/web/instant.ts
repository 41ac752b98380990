const format = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })

/** An instant in words, such as "Dec 24, 2026, 1:31 PM UTC"; the pages are in English, whatever the reader's language. */
export function instantInWords(at: Date): string {
  return `${format.format(at)} UTC`
}
