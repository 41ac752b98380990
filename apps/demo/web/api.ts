/** Why the product's own server refused, in words for the user. */
class Refusal extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.name = 'Refusal'
    this.status = status
  }
}

/** Asks the product's own API; a refusal is thrown with the server's words. */
export async function ask<Body>(path: string, options: { method?: string; body?: unknown } = {}): Promise<Body> {
  const { method = 'GET', body } = options
  const init: RequestInit =
    body === undefined
      ? { method }
      : { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(`/api${path}`, init).catch(() => {
    throw new Refusal(0, 'The server could not be reached. Is the demo still running?')
  })
  const answer: unknown = await response.json().catch(() => null)
  if (response.ok) return answer as Body
  const message = (answer as { error?: { message?: string } } | null)?.error?.message
  throw new Refusal(response.status, message ?? `The server answered ${response.status}.`)
}
