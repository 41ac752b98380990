import type { AccountSettings } from './private-records.js'
import type { Transaction } from './transaction.js'

const HOUR = 3600
const DAY = 24 * HOUR

/**
 * Stripe's own choice of retry days is a model's output and cannot be reproduced, so a fixed schedule stands for it.
 * https://docs.stripe.com/billing/revenue-recovery/smart-retries
 */
export const defaultSettings: AccountSettings = {
  id: 'settings',
  businessName: 'Paywright Simulator',
  retryDelays: [3 * DAY, 5 * DAY, 7 * DAY],
  afterRetries: 'cancel',
  uncollectedInvoices: 'leave_open',
  finalizationDelay: HOUR,
  upcomingNotice: 7 * DAY,
  dueNotice: null,
  // In test mode Stripe's banks answer within moments. https://docs.stripe.com/testing#non-card-payments
  debitDelay: 0,
  invoiceNumbering: 'customer',
  invoicePrefix: 'PAYWRIGHT',
  nextInvoiceSequence: 1,
  origin: 'http://localhost',
}

export function settingsOf(transaction: Transaction): AccountSettings {
  // A world that was kept by an earlier version knows fewer settings.
  return { ...defaultSettings, ...transaction.get('account_settings', 'settings') }
}
