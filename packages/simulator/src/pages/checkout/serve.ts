import { checkoutView, type CheckoutView } from '../../core/checkout-sessions/view.js'
import { errorsOf } from '../card-form.js'
import type { StripeErrorBody } from '../../core/error.js'
import { typedIn, type Typed } from '../fields.js'
import { money } from '../words.js'
import { messagePage, notFoundPage, staleFormPage } from '../layout.js'
import { isFrom, seeOther, type PageRequest, type PageResponse } from '../request.js'
import { act, type PageWorld } from '../run.js'
import { typedFromQuery } from '../test-cards.js'
import { firstMethod } from './methods.js'
import { checkoutPage, lastErrors } from './page.js'
import { readCheckout } from './read.js'
import { revised } from './revise.js'

export function serveCheckout(world: PageWorld, request: PageRequest, id: string): PageResponse {
  const view = checkoutView(world.view(), id)
  if (view === undefined) return notFoundPage()
  const path = `/c/pay/${id}`
  const isOrder = request.path === `${path}/order`
  if (!isOrder && request.path !== path) return notFoundPage()
  if (view.status !== 'open') return closedPage(view, request)
  if (request.method !== 'POST') return isOrder ? seeOther(path) : openedPage(view, request)
  if (!isFrom(request, view.formToken)) return staleFormPage(path)
  return isOrder ? revised(world, view, request) : submitted(world, view, request)
}

function openedPage(view: CheckoutView, { query }: PageRequest): PageResponse {
  const typed = typedFromQuery(query, view.now)
  const errors = typed.number === undefined ? lastErrors(view) : {}
  const method = typed.number === undefined ? view.lastMethod : 'card'
  return checkoutPage(view, { typed, errors, ...(isOffered(view, method) && { method }) })
}

function isOffered({ methods }: CheckoutView, method: string | null): method is string {
  return method !== null && methods.includes(method)
}

/** Pressing twice, or going back and pressing again, ends where the first time ended. */
function closedPage(view: CheckoutView, request: PageRequest): PageResponse {
  const { businessName, cancelUrl, recoveryUrl, successUrl } = view
  if (view.status === 'expired') {
    const restart = recoveryUrl === null ? undefined : { href: new URL(recoveryUrl).pathname, label: 'Start again' }
    const back = cancelUrl === null ? undefined : { href: cancelUrl, label: `Back to ${businessName}` }
    const link = restart ?? back
    return messagePage({
      title: 'This checkout page has expired',
      text: 'Nothing was charged. Go back and start again to get a new one.',
      status: 410,
      ...(link !== undefined && { link }),
    })
  }
  if (request.method === 'POST' && successUrl !== null) return seeOther(successUrl)
  return successUrl === null ? thanksPage(view) : donePage(view, successUrl)
}

function donePage({ businessName, mode }: CheckoutView, successUrl: string): PageResponse {
  return messagePage({
    title: 'You are all done here',
    text: mode === 'setup' ? 'Your card is saved.' : 'This order is complete. You will not be charged for it again.',
    link: { href: successUrl, label: `Continue to ${businessName}` },
  })
}

/** The end of an order that leads nowhere else. */
function thanksPage({ businessName, mode, thanks }: CheckoutView): PageResponse {
  const text =
    mode === 'setup' ? 'Your card is saved.' : `Your payment to ${businessName} is on its way. You can close this page.`
  return messagePage({ title: mode === 'setup' ? 'Card saved' : 'Thank you', text: thanks ?? text })
}

function submitted(world: PageWorld, view: CheckoutView, request: PageRequest): PageResponse {
  const typed = typedIn(request.form)
  const method = request.form.get('method') ?? firstMethod(view)
  const read = readCheckout(view, typed, method)
  if (!read.ok) return checkoutPage(view, { typed, method, errors: read.errors })
  const expectedAmount = Number(request.form.get('expected_amount') ?? view.dueNow)
  const outcome = act(world, {
    name: 'checkout_pages.submit',
    id: view.id,
    params: { ...read.form, ...(Number.isSafeInteger(expectedAmount) && { expectedAmount }) },
  })
  switch (outcome.status) {
    case 'succeeded':
      return seeOther(view.successUrl ?? request.path)
    case 'requires_action':
      return seeOther(`/3ds/${outcome.intent}`)
    case 'failed':
      return again(world, view, { typed, method, error: outcome.error })
    case 'closed':
      return seeOther(request.path)
    default:
      return outcome satisfies never
  }
}

/** The page once more, with what was typed; its amounts are those of now, since an address may have changed them. */
function again(
  world: PageWorld,
  before: CheckoutView,
  { error, ...typed }: { readonly typed: Typed; readonly method: string; readonly error: StripeErrorBody },
): PageResponse {
  const view = checkoutView(world.view(), before.id) ?? before
  const total = money({ value: view.dueNow, currency: view.currency })
  const isChanged = error.code === 'checkout_amount_mismatch'
  const errors = isChanged
    ? { form: `The total is now ${total}. Check it, then go on; nothing was charged.` }
    : errorsOf(error)
  return checkoutPage(view, { ...typed, errors })
}
