import type { Revised, Revision } from '../../core/checkout-sessions/revise.js'
import { checkoutView, type CheckoutView } from '../../core/checkout-sessions/view.js'
import { typedIn } from '../fields.js'
import { seeOther, type PageRequest, type PageResponse } from '../request.js'
import { run, type PageWorld } from '../run.js'
import { minorUnits } from '../words.js'
import { noCode } from './code.js'
import { checkoutPage } from './page.js'

/** The customer changed the order: the page once more, with the new amounts and all that was typed before. */
export function revised(world: PageWorld, view: CheckoutView, { form }: PageRequest): PageResponse {
  const path = `/c/pay/${view.id}`
  const revision = revisionOf(view, form)
  const outcome = run<Revised>(world, { name: 'checkout_pages.revise', id: view.id, params: { ...revision } })
  const after = checkoutView(world.view(), view.id)
  if (outcome === undefined || after === undefined || after.status !== 'open') return seeOther(path)
  const method = form.get('method')
  const code = outcome.code === null ? noCode : { typed: form.get('promotion_code') ?? '', fault: outcome.code }
  return checkoutPage(after, { typed: typedIn(form), errors: {}, code, ...(method !== null && { method }) })
}

function revisionOf({ currency, discounts, lines }: CheckoutView, form: URLSearchParams): Revision {
  const quantities = lines.flatMap(({ id }) => {
    const typed = form.get(`quantity_${id}`)
    return typed === null || !/^\d+$/.test(typed.trim()) ? [] : [[id, Number(typed)] as const]
  })
  const amounts = lines.flatMap(({ id }) => {
    const amount = minorUnits(form.get(`amount_${id}`) ?? '', currency)
    return amount === undefined ? [] : [[id, amount] as const]
  })
  const code = form.get('promotion_code')?.trim() ?? ''
  const shippingRate = form.get('shipping_rate')
  const added = form.get('add_item')
  const dropped = form.get('drop_item')
  const optional = added ?? dropped
  const removes = form.get('remove_code') !== null && discounts.length > 0
  return {
    quantities: Object.fromEntries(quantities),
    amounts: Object.fromEntries(amounts),
    ...(optional !== null && { optional: { item: optional, isTaken: added !== null } }),
    ...(removes && { code: '' }),
    ...(!removes && code !== '' && { code }),
    ...(shippingRate !== null && { shippingRate }),
  }
}
