import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

const DEBIAN = '/usr/bin/chromium'

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

/** A real browser: the one that `CHROMIUM_PATH` names, Debian's, or the one inside the npm package. */
export async function openBrowser(): Promise<Browser> {
  const installed = process.env['CHROMIUM_PATH'] ?? (existsSync(DEBIAN) ? DEBIAN : undefined)
  if (installed !== undefined) return chromium.launch({ executablePath: installed, args: QUIET })
  // The package unpacks its own shared libraries only where it believes to be on AWS Lambda.
  process.env['AWS_LAMBDA_JS_RUNTIME'] ??= 'nodejs20.x'
  const { default: bundled } = await import('@sparticuz/chromium')
  // Not with the arguments that the package suggests: in the single process they ask for, one closed page ends all others.
  return chromium.launch({ executablePath: await bundled.executablePath(), args: QUIET })
}
