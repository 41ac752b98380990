/** A request for a page, after the server has decoded it. */
export interface PageRequest {
  readonly method: string
  /** Without the query, such as `/c/pay/cs_test_…`. */
  readonly path: string
  readonly query: URLSearchParams
  readonly form: URLSearchParams
  /** Where the pages are served, such as `http://localhost:4242`. */
  readonly origin: string
}

export interface PageResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Text, or the bytes of a file. */
  readonly body: string | Uint8Array
}

/** Sends the browser elsewhere after a form was sent, so that going back does not send it again. */
export function seeOther(location: string): PageResponse {
  // An address from outside is written anew, since a header holds only what ASCII holds.
  const target = location.startsWith('/') ? location : new URL(location).href
  return { status: 303, headers: { location: target, 'cache-control': 'no-store' }, body: '' }
}

/** Whether a form was sent by the page that this token was given to. */
export function isFrom(request: PageRequest, formToken: string): boolean {
  return formToken !== '' && request.form.get('form_token') === formToken
}
