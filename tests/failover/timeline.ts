/** What happened when, in seconds since the primary was killed. */
export interface Timeline {
  /** Notes an event; a second one of that name is passed over. */
  mark(name: string): void
  /** From here on events count; what is noted before the first beginning counts for nothing. */
  begin(name: string): void
  entries(): readonly { readonly name: string; readonly seconds: number }[]
}

export function createTimeline(say: (line: string) => void): Timeline {
  const entries: { name: string; seconds: number }[] = []
  let start: number | null = null
  const note = (name: string): void => {
    if (start === null || entries.some((entry) => entry.name === name)) return
    const seconds = (performance.now() - start) / 1000
    entries.push({ name, seconds })
    say(`${seconds.toFixed(1).padStart(7)} s  ${name}`)
  }
  return {
    mark: note,
    begin: (name) => {
      start = performance.now()
      note(name)
    },
    entries: () => entries,
  }
}
