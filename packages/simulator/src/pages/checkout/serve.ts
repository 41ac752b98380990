import { checkoutView, type CheckoutView } from '../../core/checkout-sessions/view.js'
import { errorsOf, readCard, typedIn, type FieldErrors } from '../card-form.js'
import { messagePage, notFoundPage, staleFormPage } from '../layout.js'
import { isFrom, seeOther, type PageRequest, type PageResponse } from '../request.js'
import { act, type PageWorld } from '../run.js'
import { typedFromQuery } from '../test-cards.js'
import { checkoutPage, lastErrors } from './page.js'

export function serveCheckout(world: PageWorld, request: PageRequest, id: string): PageResponse {
  const view = checkoutView(world.view(), id)
  if (view === undefined) return notFoundPage()
  if (view.status !== 'open') return closedPage(view, request)
  if (request.method !== 'POST') return openedPage(view, request)
  if (!isFrom(request, view.formToken)) return staleFormPage(request.path)
  return submitted(world, view, request)
}

function openedPage(view: CheckoutView, { query }: PageRequest): PageResponse {
  const typed = typedFromQuery(query, view.now)
  const errors = typed.number === undefined ? lastErrors(view) : {}
  return checkoutPage(view, { typed, errors, code: query.get('promotion_code') })
}

/** Pressing twice, or going back and pressing again, ends where the first time ended. */
function closedPage(view: CheckoutView, request: PageRequest): PageResponse {
  if (view.status === 'expired') {
    return messagePage({
      title: 'This checkout page has expired',
      text: 'Nothing was charged. Go back and start again to get a new one.',
      status: 410,
      ...(view.cancelUrl !== null && { link: { href: view.cancelUrl, label: `Back to ${view.businessName}` } }),
    })
  }
  if (request.method === 'POST') return seeOther(view.successUrl)
  return messagePage({
    title: 'You are all done here',
    text:
      view.mode === 'setup' ? 'Your card is saved.' : 'This order is complete. You will not be charged for it again.',
    link: { href: view.successUrl, label: `Continue to ${view.businessName}` },
  })
}

function submitted(world: PageWorld, view: CheckoutView, request: PageRequest): PageResponse {
  const typed = typedIn(request.form)
  const again = (errors: FieldErrors): PageResponse => checkoutPage(view, { typed, errors, code: null })
  const email = view.email ?? typed.email ?? ''
  const emailErrors: FieldErrors = isEmail(email) ? {} : { email: 'Enter an e-mail address such as ada@example.com.' }
  const read = view.asksForCard ? readCard(typed) : undefined
  if (read?.ok === false) return again({ ...emailErrors, ...read.errors })
  if (emailErrors.email !== undefined) return again(emailErrors)
  const { card = null, name = null, country = null } = read?.value ?? {}
  const outcome = act(world, { name: 'checkout_pages.submit', id: view.id, params: { email, name, country, card } })
  switch (outcome.status) {
    case 'succeeded':
      return seeOther(view.successUrl)
    case 'requires_action':
      return seeOther(`/3ds/${outcome.intent}`)
    case 'failed':
      return again(errorsOf(outcome.error))
    case 'closed':
      return seeOther(request.path)
    default:
      return outcome satisfies never
  }
}

function isEmail(text: string): boolean {
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)
}
