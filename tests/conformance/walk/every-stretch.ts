import { catalogue } from './catalogue.js'
import { checkout } from './checkout.js'
import { customers } from './customers.js'
import { edges } from './edges.js'
import { invoices } from './invoices.js'
import { payments } from './payments.js'
import { subscriptions } from './subscriptions.js'
import { usage } from './usage.js'
import { versionTwo } from './version-two.js'
import type { Stretches } from './walk.js'

/** The whole walk. A world that was walked through holds some of everything. */
export const everyStretch: Stretches = {
  ...catalogue,
  ...customers,
  ...payments,
  ...subscriptions,
  ...invoices,
  ...usage,
  ...checkout,
  ...versionTwo,
  ...edges,
}
