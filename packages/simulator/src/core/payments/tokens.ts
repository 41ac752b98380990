import type Stripe from 'stripe'
import { legacyCardOf } from './customer-sources.js'
import { createCard } from './card-methods.js'
import { testCardOf } from './cards.js'
import { cardError } from './card-payment.js'
import { missingParameter, notSimulated } from '../error.js'
import type { Handler, Handlers } from '../handler.js'
import { recordInPath, refuseUnbuilt } from '../lookup.js'

/** Stands for a card, once. Stripe.js makes them in browsers; servers only in tests. https://docs.stripe.com/api/tokens */
const create: Handler<Stripe.TokenCreateParams> = (transaction, { params }) => {
  refuseUnbuilt(params, ['card'])
  const { card } = params
  if (card === undefined) throw missingParameter('card')
  if (typeof card === 'string') throw notSimulated('A token of a card that is there already', 'card')
  const { address_city, address_country, address_line1, address_line2, address_state, address_zip, name } = card
  const address = {
    ...(address_city !== undefined && { city: address_city }),
    ...(address_country !== undefined && { country: address_country }),
    ...(address_line1 !== undefined && { line1: address_line1 }),
    ...(address_line2 !== undefined && { line2: address_line2 }),
    ...(address_state !== undefined && { state: address_state }),
    ...(address_zip !== undefined && { postal_code: address_zip }),
  }
  const { cvc, number } = card
  const details = { number, expMonth: Number(card.exp_month), expYear: Number(card.exp_year) }
  const billingDetails = { address, ...(name !== undefined && { name }) }
  const method = createCard(transaction, { ...details, billingDetails, ...(cvc !== undefined && { cvc }) })
  const test = testCardOf(number)
  if (test.declines?.code === 'incorrect_number') throw cardError(test.declines)
  const id = transaction.newId('tok')
  transaction.put('card_behaviours', { id, number, isSetUp: false, isSpent: false })
  const token = transaction.put('tokens', {
    id,
    object: 'token',
    card: legacyCardOf({ ...method, id: transaction.newId('card') }),
    client_ip: null,
    created: transaction.now,
    livemode: false,
    type: 'card',
    used: false,
  })
  // The card was made to be checked; nobody owns it.
  transaction.remove('payment_methods', method.id)
  transaction.remove('card_behaviours', method.id)
  return transaction.render('tokens', token)
}

const retrieve: Handler = (transaction, { path }) =>
  transaction.render('tokens', recordInPath(transaction, 'tokens', { id: path['id'], kind: 'token', param: 'token' }))

export const tokensHandlers: Handlers = { 'tokens.create': create, 'tokens.retrieve': retrieve }
