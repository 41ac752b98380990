import type { Page } from 'playwright-core'

/** More than any page has places to stop at. */
const MOST_STOPS = 60

/** Moves the focus on until it is on what has this name, as somebody does who uses no mouse. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let stops = 0; stops < MOST_STOPS; stops++) {
    await page.keyboard.press('Tab')
    if ((await focusedName(page)) === name) return
  }
  throw new Error(`The focus never came to "${name}" on ${page.url()}.`)
}

export async function typeInto(page: Page, label: string, text: string): Promise<void> {
  await tabTo(page, label)
  await page.keyboard.type(text)
}

export async function pressOn(page: Page, name: string): Promise<void> {
  await tabTo(page, name)
  await page.keyboard.press('Enter')
}

/** The label of a field, the text of everything else. */
async function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => {
    const focused = document.activeElement
    const label = focused instanceof HTMLInputElement ? focused.labels?.[0] : focused
    return label?.textContent?.trim() ?? ''
  })
}
