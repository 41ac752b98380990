import { readCard } from '../card-form.js'
import { typedIn } from '../fields.js'
import type { PageResponse } from '../request.js'
import { act } from '../run.js'
import { typedFromQuery } from '../test-cards.js'
import { newCardPage, removeCardPage } from './cards.js'
import { finish, firstOf } from './finish.js'
import { overviewPage } from './overview.js'
import type { PortalCall } from './frame.js'

export function serveCards(call: PortalCall, rest: string): PageResponse | undefined {
  const { context, request } = call
  if (!context.view.features.payment_method_update.enabled) return undefined
  const isPost = request.method === 'POST'
  switch (rest) {
    case '/cards/new':
      return isPost ? addCard(call) : newCardPage(context, typedFromQuery(request.query, context.now), {})
    case '/cards/default':
      return isPost ? change(call, 'default') : undefined
    case '/cards/remove':
      return isPost ? change(call, 'removed') : askToRemove(call)
    default:
      return undefined
  }
}

function addCard({ world, context, request, token }: PortalCall): PageResponse {
  const { base } = context
  const typed = typedIn(request.form)
  const read = readCard(typed)
  if (!read.ok) return newCardPage(context, typed, read.errors)
  const returnUrl = `${request.origin}${base}?done=card`
  const outcome = act(world, { name: 'portal_pages.add_card', id: token, params: { ...read.value, returnUrl } })
  return finish(outcome, { base, done: 'card', refused: (errors) => newCardPage(context, typed, errors) })
}

function change({ world, context, request, token }: PortalCall, done: 'default' | 'removed'): PageResponse {
  const name = done === 'default' ? 'portal_pages.set_default_card' : 'portal_pages.remove_card'
  const outcome = act(world, { name, id: token, params: { card: request.form.get('card') ?? '' } })
  return finish(outcome, {
    base: context.base,
    done,
    refused: (errors) => overviewPage(context, new URLSearchParams(), firstOf(errors)),
  })
}

function askToRemove({ context, request }: PortalCall): PageResponse | undefined {
  const card = context.view.cards.find(({ id }) => id === request.query.get('card'))
  return card && removeCardPage(context, card)
}

/** Pays an invoice that failed, with the card that pays now. */
export function servePay({ world, context, request, token }: PortalCall): PageResponse {
  const { base } = context
  const returnUrl = `${request.origin}${base}?done=paid`
  const outcome = act(world, {
    name: 'portal_pages.pay_invoice',
    id: token,
    params: { invoice: request.form.get('invoice') ?? '', returnUrl },
  })
  return finish(outcome, {
    base,
    done: 'paid',
    refused: (errors) => overviewPage(context, new URLSearchParams(), firstOf(errors)),
  })
}
