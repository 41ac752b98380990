/** No answer of ours may be kept by a cache: each is about one customer. */
const HEADERS = { 'cache-control': 'no-store', 'content-type': 'application/json; charset=utf-8' } as const

export function json(
  body: unknown,
  options: { status?: number; headers?: Readonly<Record<string, string>> } = {},
): Response {
  const { status = 200, headers = {} } = options
  return new Response(JSON.stringify(body), { status, headers: { ...HEADERS, ...headers } })
}

/** Sends the browser on with a GET. */
export function seeOther(location: string): Response {
  return new Response(null, { status: 303, headers: { location, 'cache-control': 'no-store' } })
}
