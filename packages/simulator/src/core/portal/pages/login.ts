import { createPortalSession } from '../portal-sessions.js'
import type { Handler } from '../../handler.js'
import type { PortalConfiguration } from '../portal-configurations.js'
import type { Transaction } from '../../transaction.js'

/** The configuration behind the last part of a login page's address. */
export function loginConfiguration(transaction: Transaction, page: string): PortalConfiguration | undefined {
  const [configuration] = transaction.by('portal_configurations', 'login_page', page)
  return configuration?.active === true ? configuration : undefined
}

export interface LoggedIn {
  /** `null` when nobody is known by this address; the page does not tell. */
  readonly url: string | null
}

/** A customer asks for a link to their portal. The newest customer of an address is the one who is meant. */
export const logIn: Handler<{ readonly email: string }> = (transaction, { path, params }): LoggedIn => {
  const configuration = loginConfiguration(transaction, path['id'] ?? '')
  const customer = transaction.by('customers', 'email', params.email).at(-1)
  if (configuration === undefined || customer === undefined) return { url: null }
  return { url: createPortalSession(transaction, { customer: customer.id, configuration: configuration.id }).url }
}
