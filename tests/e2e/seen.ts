import type { Locator } from 'playwright-core'

/** Passes as soon as this can be seen; fails when it still cannot after the page's patience. */
export async function expectSeen(locator: Locator): Promise<void> {
  await locator.waitFor({ state: 'visible' })
}

/** Passes as soon as this cannot be seen any more. */
export async function expectGone(locator: Locator): Promise<void> {
  await locator.waitFor({ state: 'hidden' })
}
