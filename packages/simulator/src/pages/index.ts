import { serveAuthentication } from './authentication.js'
import { serveCheckout } from './checkout/serve.js'
import { serveLink, serveRecovery } from './checkout/serve-links.js'
import { serveCreditNote } from './invoice/credit-note.js'
import { serveInvoice } from './invoice/serve.js'
import { serveMandate } from './mandate.js'
import { serveMicrodeposits } from './microdeposits.js'
import { serveLogin } from './portal/login.js'
import { servePortal } from './portal/serve.js'
import { serveReceipt } from './receipt.js'
import type { PageRequest, PageResponse } from './request.js'
import type { PageWorld } from './run.js'

export type { PageRequest, PageResponse, PageWorld }

type Serve = (world: PageWorld, request: PageRequest, id: string) => PageResponse

const pages: readonly (readonly [RegExp, Serve])[] = [
  [/^\/b\/(\w+)$/, serveLink],
  [/^\/c\/pay\/(cs_\w+?)(?:\/order)?$/, serveCheckout],
  [/^\/r\/(\w+)$/, serveRecovery],
  [/^\/p\/login\/(\w+)$/, serveLogin],
  [/^\/p\/session\/(\w+)(?:\/.*)?$/, servePortal],
  [/^\/cn\/(cn_\w+)\/pdf$/, serveCreditNote],
  [/^\/i\/(\w+)(?:\/.*)?$/, serveInvoice],
  [/^\/mandates\/(mandate_\w+)$/, serveMandate],
  [/^\/receipts\/((?:ch|py)_\w+)$/, serveReceipt],
  [/^\/microdeposits\/((?:pi|seti)_\w+)$/, serveMicrodeposits],
  [/^\/3ds\/((?:pi|seti)_\w+)$/, serveAuthentication],
]

/** Answers a request for a hosted page; `undefined` when the address is none of theirs. */
export function servePage(world: PageWorld, request: PageRequest): PageResponse | undefined {
  for (const [pattern, serve] of pages) {
    const id = pattern.exec(request.path)?.[1]
    if (id !== undefined) return serve(world, request, id)
  }
  return undefined
}
