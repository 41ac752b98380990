import { invalidRequest } from './error.js'

/** Where a page may send the customer: an address of the web, so that no page ever links to a script. */
export function requireUrl(url: string, param: string): void {
  if (/^https?:\/\/\S+$/i.test(url) && URL.canParse(url)) return
  throw invalidRequest('Not a valid URL', { code: 'url_invalid', param })
}
