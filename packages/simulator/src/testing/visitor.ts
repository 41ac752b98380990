/** A page as a browser without scripts got it. */
export interface Visited {
  readonly status: number
  readonly text: string
  readonly headers: Headers
  /** Where the browser is sent on to, after a form. */
  readonly location: string | null
}

export async function visit(url: string): Promise<Visited> {
  return visited(await fetch(url, { redirect: 'manual' }))
}

/**
 * Fills in a form of a page and sends it: the fields that the page hid in it, and what was typed. Without `action`, it is
 * the form that sends to the page's own address.
 */
export async function submit(url: string, fields: Readonly<Record<string, string>>, action?: string): Promise<Visited> {
  const { text } = await visit(url)
  const target = action ?? new URL(url).pathname
  const form = [...text.matchAll(/<form[^>]*action="([^"]*)"[^>]*>(.*?)<\/form>/gs)].find(([, to]) => to === target)
  if (form === undefined) throw new Error(`${url} has no form for ${target}.`)
  const hidden = [...(form[2] ?? '').matchAll(/<input[^>]*type="hidden"[^>]*name="([^"]*)"[^>]*value="([^"]*)"/g)]
  const body = new URLSearchParams(hidden.map(([, name = '', value = '']): [string, string] => [name, value]))
  for (const [name, value] of Object.entries(fields)) body.set(name, value)
  return visited(await fetch(new URL(target, url), { method: 'POST', body, redirect: 'manual' }))
}

/** What a person types to pay with a test card. */
export function cardTyped(number: string): Readonly<Record<string, string>> {
  return { number, expiry: '12 / 34', cvc: '123', name: 'Ada Lovelace', country: 'GB' }
}

async function visited(response: Response): Promise<Visited> {
  const { headers, status } = response
  return { status, text: await response.text(), headers, location: headers.get('location') }
}
