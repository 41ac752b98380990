import type { Recovered } from '../../core/checkout-sessions/recover.js'
import type { Opened } from '../../core/payment-links/open.js'
import { messagePage, notFoundPage } from '../layout.js'
import { seeOther, type PageRequest, type PageResponse } from '../request.js'
import { run, type PageWorld } from '../run.js'
import { isEmail } from './read.js'

/** Somebody opens a payment link: they get a session of their own. */
export function serveLink(world: PageWorld, { query }: PageRequest, id: string): PageResponse {
  const email = query.get('prefilled_email') ?? ''
  const reference = query.get('client_reference_id') ?? ''
  const opened = run<Opened>(world, {
    name: 'payment_link_pages.open',
    id,
    params: { ...(isEmail(email) && { email }), ...(/^[\w-]{1,200}$/.test(reference) && { reference }) },
  })
  switch (opened?.status) {
    case 'opened':
      return seeOther(new URL(opened.url).pathname)
    case 'inactive':
      return messagePage({
        title: 'This link is no longer active',
        text: opened.message ?? 'Nothing can be bought here any more. Ask whoever gave you the link.',
        status: 410,
      })
    case 'unknown':
      return notFoundPage()
    case undefined:
      return brokenPage()
    default:
      return opened satisfies never
  }
}

/** What the link sells cannot be sold any more, such as a price that was archived. */
function brokenPage(): PageResponse {
  return messagePage({
    title: 'This link does not work any more',
    text: 'What it sells is no longer for sale. Ask whoever gave you the link.',
    status: 410,
  })
}

/** Somebody follows the address that recovers an expired session. */
export function serveRecovery(world: PageWorld, _request: PageRequest, id: string): PageResponse {
  const { url = null } = run<Recovered>(world, { name: 'checkout_pages.recover', id, params: {} }) ?? {}
  if (url !== null) return seeOther(new URL(url).pathname)
  return messagePage({
    title: 'This link has expired',
    text: 'Go back to where you came from and start again.',
    status: 410,
  })
}
