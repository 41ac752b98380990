/** How often it is looked whether something has come to pass, in milliseconds. */
const LOOK_EVERY = 100

/**
 * Resolves when it has come to pass; looks again and again. The bound is for what will never come: it is long, because the
 * machine may be busy.
 */
export async function until(
  hasHappened: () => Promise<boolean> | boolean,
  { seconds, what }: { readonly seconds: number; readonly what: () => Promise<string> | string },
): Promise<void> {
  const deadline = performance.now() + seconds * 1000
  while (!(await hasHappened())) {
    if (performance.now() > deadline) throw new Error(`In ${seconds} s it did not happen that ${await what()}`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY))
  }
}
