import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { openBrowser } from './browser.js'
import { startProduct, type Product } from './product.js'

/** A product that runs, and browsers that look at it. */
export interface Stage {
  product(): Product
  /** A visitor whom the product has not seen before, at its first page. */
  visitor(): Promise<Page>
  /** Another tab of the same visitor. */
  secondTab(of: Page): Promise<Page>
}

/** How long a page may take for anything, on a machine that has much else to do. */
const PATIENCE_MILLISECONDS = 20_000

/**
 * Sets one product and one browser up for a file. After each test the database says what the simulator says, and neither
 * a page nor the product itself has complained.
 */
export function setStage(): Stage {
  let product: Product | null = null
  let browser: Browser | null = null
  let visitors: BrowserContext[] = []
  let complaints: string[] = []

  beforeAll(async () => {
    product = await startProduct()
    browser = await openBrowser()
  })
  afterEach(async () => {
    const said = complaints
    const left = visitors
    complaints = []
    visitors = []
    await Promise.all(left.map((visitor) => visitor.close()))
    expect([...said, ...started(product).complaints()]).toEqual([])
    expect(await product?.differences()).toEqual([])
  })
  afterAll(async () => {
    await browser?.close()
    await product?.stop()
  })

  const opened = async (context: BrowserContext): Promise<Page> => {
    const page = await context.newPage()
    page.setDefaultTimeout(PATIENCE_MILLISECONDS)
    page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`))
    page.on('console', (message) => {
      if (message.type() === 'error' && !isRefusal(message.text())) complaints.push(`${page.url()}: ${message.text()}`)
    })
    await page.goto(started(product).origin)
    return page
  }
  return {
    product: () => started(product),
    async visitor() {
      const context = await started(browser).newContext({ locale: 'en-US', reducedMotion: 'reduce' })
      visitors.push(context)
      return opened(context)
    },
    secondTab: (page) => opened(page.context()),
  }
}

/** Chromium writes every answer that is not 2xx into the console, also those that the page expects and shows. */
function isRefusal(text: string): boolean {
  return text.startsWith('Failed to load resource: the server responded with a status of 4')
}

function started<Thing>(thing: Thing | null): Thing {
  if (thing === null) throw new Error('The stage is set in beforeAll; ask for it inside of a test.')
  return thing
}
