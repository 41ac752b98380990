import { invalidRequest } from '../error.js'

/** What lists of version 2 take: the size of a page, and the page that the one before named. */
export interface Paged {
  readonly limit?: number
  readonly page?: string
}

export interface Version2List<Value> {
  readonly data: readonly Value[]
  readonly next_page_url: string | null
  readonly previous_page_url: string | null
}

const USUAL_LIMIT = 20
const MARK = 'page_'

/**
 * A page as version 2 answers it, with the address of the next one. A page is named by the last object of the one before.
 * https://docs.stripe.com/api-v2-overview#list-pagination
 */
export function listOfPage<Value extends { readonly id: string }>(
  values: Iterable<Value>,
  params: Paged,
  { path, isAsked = () => true }: { readonly path: string; readonly isAsked?: (value: Value) => boolean },
): Version2List<Value> {
  const { limit = USUAL_LIMIT } = params
  const after = params.page === undefined ? undefined : readPage(params.page)
  const found: Value[] = []
  let isReached = after === undefined
  for (const value of values) {
    if (isReached && isAsked(value)) found.push(value)
    if (value.id === after) isReached = true
    if (found.length > limit) break
  }
  if (!isReached) throw invalidRequest('This page does not exist.', { param: 'page' })
  const data = found.slice(0, limit)
  const last = data.at(-1)
  const next = found.length > limit && last !== undefined ? `${path}?${queryOf(params, last.id)}` : null
  return { data, next_page_url: next, previous_page_url: null }
}

function readPage(page: string): string {
  if (page.startsWith(MARK)) return page.slice(MARK.length)
  throw invalidRequest(`Invalid page: ${page}`, { param: 'page' })
}

/** The same question about what comes after an object. */
function queryOf(params: Paged, last: string): string {
  const { page: _page, ...rest } = params
  return [...pairsOf('', rest), `page=${MARK}${last}`].join('&')
}

function pairsOf(name: string, value: unknown): readonly string[] {
  if (value === undefined || value === null) return []
  if (typeof value !== 'object') {
    return [`${name}=${encodeURIComponent(typeof value === 'string' ? value : JSON.stringify(value))}`]
  }
  return Object.entries(value).flatMap(([key, entry]) => pairsOf(name === '' ? key : `${name}[${key}]`, entry))
}
