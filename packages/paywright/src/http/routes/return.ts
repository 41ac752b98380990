import { appUrl } from '../../engine/app-url.js'
import { beforeNextPage } from '../../engine/before-next-page.js'
import { completeCheckout } from '../../engine/complete-checkout.js'
import { syncIfKnown } from '../../engine/sync-customer.js'
import { BillingError } from '../../errors.js'
import type { Question, Route } from '../context.js'
import { signedIn } from '../guards.js'
import { seeOther } from '../reply.js'

/** `GET /return`: where Stripe's pages send the customer; reads what was done there and goes on to the app. */
export const getReturn: Route = (context, asked) =>
  asked.url.searchParams.get('from') === 'portal' ? fromPortal(context, asked) : fromCheckout(context, asked)

const fromCheckout = signedIn(async (context, { url, customer }) => {
  const stripeSessionId = url.searchParams.get('session_id') ?? ''
  if (stripeSessionId === '') throw new BillingError('checkout_session_unknown')
  const next = new URL(nextPage(context, { url }))
  const outcome = await completeCheckout(context.engine, { customerId: customer.id, stripeSessionId })
  next.searchParams.set('billing', outcome)
  return seeOther(next.href)
})

/** Who was signed out in the meantime goes on all the same: the app asks them to sign in, better than we could. */
const fromPortal: Route = async (context, { request, url }) => {
  const { engine, identify } = context
  const next = nextPage(context, { url })
  const customer = await identify(request)
  if (customer !== null) {
    const work = syncIfKnown(engine, customer.id)
    await beforeNextPage(engine, { work, late: false, about: { customerId: customer.id } })
  }
  return seeOther(next)
}

/** Checked again, because this address can be made by anybody. */
function nextPage({ engine }: Parameters<Route>[0], { url }: Pick<Question, 'url'>): string {
  return appUrl(engine, url.searchParams.get('next') ?? '/')
}
