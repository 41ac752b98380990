import { settingsOf } from '../account-settings.js'
import type { Transaction } from '../transaction.js'

/** The number of a customer's next final invoice, such as `1B2C3D4E-0001`. Uses it up. */
export function nextInvoiceNumber(transaction: Transaction, customer: string): string {
  const settings = settingsOf(transaction)
  if (settings.invoiceNumbering === 'account') {
    const { invoicePrefix: prefix, nextInvoiceSequence: sequence } = settings
    transaction.put('account_settings', { ...settings, nextInvoiceSequence: sequence + 1 })
    return numbered(prefix, sequence)
  }
  const { invoice_prefix: prefix, next_invoice_sequence: sequence = 1 } = transaction.load('customers', customer)
  transaction.patch('customers', customer, { next_invoice_sequence: sequence + 1 })
  return numbered(prefix ?? '', sequence)
}

function numbered(prefix: string, sequence: number): string {
  return `${prefix}-${String(sequence).padStart(4, '0')}`
}
