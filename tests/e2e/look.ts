import { AxeBuilder } from '@axe-core/playwright'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const THEMES = ['light', 'dark'] as const
const WIDTHS = [1280, 375]

/**
 * Looks at a page as it stands, light and dark, wide and narrow: axe finds nothing, and nothing is wider than the screen.
 * With `SCREENSHOTS` set to a folder it also leaves pictures there, for people to look at.
 */
export async function expectGoodLooks(page: Page, name: string): Promise<void> {
  const found: unknown[] = []
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 })
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      found.push(...(await faultsOf(page)).map((fault) => ({ name, width, colorScheme, ...fault })))
      await takePicture(page, `${name}-${width}-${colorScheme}`)
    }
  }
  expect(found).toEqual([])
}

interface Fault {
  readonly rule: string
  readonly where: readonly string[]
}

async function faultsOf(page: Page): Promise<readonly Fault[]> {
  const faults = await axeFaults(page)
  const { scrollWidth, clientWidth } = await page.evaluate(sizeOfPage)
  return scrollWidth <= clientWidth
    ? faults
    : [...faults, { rule: 'fits-the-screen', where: [`${scrollWidth} px wide on ${clientWidth} px`] }]
}

/** Axe is put into each document once: it is large, and a page is looked at many times. */
async function axeFaults(page: Page): Promise<readonly Fault[]> {
  const isThere = await page.evaluate<boolean>(`typeof axe === 'object'`)
  if (isThere) return page.evaluate<readonly Fault[]>(RUN_AGAIN)
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
  return violations.map(({ id, nodes }) => ({ rule: id, where: nodes.map(({ html }) => html) }))
}

const RUN_AGAIN = `axe.run().then(({ violations }) =>
  violations.map(({ id, nodes }) => ({ rule: id, where: nodes.map(({ html }) => html) })))`

async function takePicture(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS']
  if (folder === undefined) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}

/** Runs inside of the page. */
function sizeOfPage(): { scrollWidth: number; clientWidth: number } {
  const { scrollWidth, clientWidth } = document.documentElement
  return { scrollWidth, clientWidth }
}
