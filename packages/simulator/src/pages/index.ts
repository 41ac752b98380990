import { serveAuthentication } from './authentication.js'
import { serveCheckout } from './checkout/serve.js'
import { serveInvoice } from './invoice/serve.js'
import { servePortal } from './portal/serve.js'
import type { PageRequest, PageResponse } from './request.js'
import type { PageWorld } from './run.js'

export type { PageRequest, PageResponse, PageWorld }

type Serve = (world: PageWorld, request: PageRequest, id: string) => PageResponse

const pages: readonly (readonly [RegExp, Serve])[] = [
  [/^\/c\/pay\/(cs_\w+)$/, serveCheckout],
  [/^\/p\/session\/(\w+)(?:\/.*)?$/, servePortal],
  [/^\/i\/(\w+)(?:\/.*)?$/, serveInvoice],
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
