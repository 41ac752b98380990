import { settingsOf } from '../account-settings.js'
import type { Handler, Handlers } from '../handler.js'
import { recordInPath } from '../lookup.js'
import { methodTypeOf } from './method-types.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

export type Mandate = Records['mandates']
type PaymentMethod = Records['payment_methods']

/** How a customer agreed, as a request tells it in `mandate_data`. */
export interface Acceptance {
  readonly type: string
  readonly accepted_at?: number
  readonly online?: { readonly ip_address?: string; readonly user_agent?: string }
}

export interface MandateWish {
  /** What a single payment is allowed to take; left out, the mandate is for any later payment as well. */
  readonly once?: { readonly amount: number; readonly currency: string }
  readonly acceptance?: Acceptance | undefined
}

/** The mandate under which an account is debited, made if the customer has given none yet; cards need none. */
export function mandateFor(transaction: Transaction, method: PaymentMethod, wish: MandateWish): Mandate | undefined {
  if (methodTypeOf(method.type)?.flow !== 'debit') return undefined
  return lastingMandateOf(transaction, method.id) ?? createMandate(transaction, method, wish)
}

/** The customer's permission for later payments, if there is one. */
export function lastingMandateOf(transaction: Transaction, paymentMethod: string): Mandate | undefined {
  const mandates = transaction.by('mandates', 'payment_method', paymentMethod)
  return mandates.find(({ status, type }) => status === 'active' && type === 'multi_use')
}

function createMandate(transaction: Transaction, method: PaymentMethod, { acceptance, once }: MandateWish): Mandate {
  const id = transaction.newId('mandate')
  return transaction.put('mandates', {
    id,
    object: 'mandate',
    customer_acceptance: acceptanceOf(transaction, acceptance),
    livemode: false,
    ...(once === undefined ? { multi_use: {} } : { single_use: once }),
    payment_method: method.id,
    payment_method_details: { type: method.type, [method.type]: detailsOf(transaction, id, method.type) },
    status: 'active',
    type: once === undefined ? 'multi_use' : 'single_use',
  })
}

function acceptanceOf(transaction: Transaction, given: Acceptance | undefined): Mandate['customer_acceptance'] {
  const at = given?.accepted_at ?? transaction.now
  if (given?.type === 'online') {
    const { ip_address: address = null, user_agent: agent = null } = given.online ?? {}
    return { accepted_at: at, online: { ip_address: address, user_agent: agent }, type: 'online' }
  }
  return { accepted_at: at, offline: {}, type: 'offline' }
}

function detailsOf(transaction: Transaction, id: string, type: string): object {
  const reference = id.slice(-16).toUpperCase()
  const url = `${settingsOf(transaction).origin}/mandates/${id}`
  if (type === 'sepa_debit') return { reference, url }
  if (type === 'au_becs_debit') return { url }
  if (type === 'acss_debit') {
    return { interval_description: null, payment_schedule: 'sporadic', transaction_type: 'personal' }
  }
  if (type !== 'bacs_debit') return {}
  const bacs = { display_name: null, network_status: 'accepted', revocation_reason: null, service_user_number: null }
  return { ...bacs, reference, url }
}

/** Without the payment method there is nothing that the mandates allow. */
export function endMandates(transaction: Transaction, paymentMethod: string): void {
  for (const before of transaction.by('mandates', 'payment_method', paymentMethod)) {
    if (before.status !== 'active') continue
    const after = transaction.patch('mandates', before.id, { status: 'inactive' })
    transaction.emitChange('mandate.updated', 'mandates', { before, after })
  }
}

const retrieve: Handler = (transaction, { path }) =>
  transaction.render(
    'mandates',
    recordInPath(transaction, 'mandates', { id: path['id'], kind: 'mandate', param: 'mandate' }),
  )

export const mandatesHandlers: Handlers = { 'mandates.retrieve': retrieve }
