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
      found.push(...(await faultsOf(page, colorScheme)).map((fault) => ({ name, width, colorScheme, ...fault })))
      await takePicture(page, `${name}-${width}-${colorScheme}`)
    }
  }
  expect(found).toEqual([])
}

interface Fault {
  readonly rule: string
  readonly where: readonly string[]
}

async function faultsOf(page: Page, theme: (typeof THEMES)[number]): Promise<readonly Fault[]> {
  const axe = new AxeBuilder({ page }).setLegacyMode()
  // The themes differ in their colours only.
  const { violations } = await (theme === 'light' ? axe : axe.withRules('color-contrast')).analyze()
  const faults = violations.map(({ id, nodes }) => ({
    rule: id,
    where: nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`),
  }))
  const { scrollWidth, clientWidth } = await page.evaluate(sizeOfPage)
  return scrollWidth <= clientWidth
    ? faults
    : [...faults, { rule: 'fits-the-screen', where: [`${scrollWidth} px wide on ${clientWidth} px`] }]
}

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
