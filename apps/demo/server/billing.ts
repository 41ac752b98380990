import type { PGlite } from '@electric-sql/pglite'
import { createBilling, pglite, type Clock, type Mailer } from 'paywright'
import { plans } from './plans.js'
import type { User } from './users.js'

export interface DemoBillingOptions {
  readonly database: PGlite
  readonly identify: (request: Request) => Promise<User | null>
  readonly origin: string
  readonly clock: Clock
  readonly mailer: Mailer
  readonly travelsInTime: boolean
  readonly stripe: { secretKey: string; webhookSecrets: string[]; apiBase?: string }
}

export type DemoBilling = ReturnType<typeof createDemoBilling>

/** The integration as the README shows it, with the demo's clock and mailbox put in. */
export function createDemoBilling(options: DemoBillingOptions) {
  return createBilling({
    database: pglite(options.database),
    stripe: options.stripe,
    plans,
    identify: options.identify,
    usersTable: { name: 'users', id: 'id' },
    baseUrl: options.origin,
    grace: '7d',
    clock: options.clock,
    // A journey may pass more days than Stripe keeps events for.
    ...(options.travelsInTime && { catchUp: false }),
    mail: {
      transport: options.mailer,
      from: 'Fieldnotes <billing@fieldnotes.example>',
      productName: 'Fieldnotes',
      billingPath: '/billing',
    },
  })
}
