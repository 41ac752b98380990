import { holding, type Stretches, type Walk } from './walk.js'
import { monthlyPrice, payingCustomer } from './subscriptions.js'

async function walkSessions(walk: Walk): Promise<void> {
  const { stripe, visit } = walk
  const { sessions } = stripe.checkout
  const line_items = [{ price: await monthlyPrice(walk), quantity: 1 }]
  const session = await visit(
    'POST /v1/checkout/sessions',
    () => sessions.create({ mode: 'subscription', line_items, success_url: 'https://app.example/ok' }),
    { status: 'open', payment_status: 'unpaid' },
  )
  const { id } = session
  await visit('GET /v1/checkout/sessions/:id', () => sessions.retrieve(id), session)
  await visit('POST /v1/checkout/sessions/:id', () => sessions.update(id, { metadata: { a: 'b' } }), {
    metadata: { a: 'b' },
  })
  await visit('GET /v1/checkout/sessions', () => sessions.list(), holding(session))
  await visit('GET /v1/checkout/sessions/:id/line_items', () => sessions.listLineItems(id), {
    data: [{ quantity: 1, amount_total: 2000 }],
  })
  await visit('POST /v1/checkout/sessions/:id/expire', () => sessions.expire(id), { status: 'expired' })
}

async function walkLinks(walk: Walk): Promise<void> {
  const { stripe, visit } = walk
  const { paymentLinks } = stripe
  const line_items = [{ price: await monthlyPrice(walk), quantity: 1 }]
  const link = await visit('POST /v1/payment_links', () => paymentLinks.create({ line_items }), { active: true })
  await visit('GET /v1/payment_links/:id', () => paymentLinks.retrieve(link.id), link)
  await visit('POST /v1/payment_links/:id', () => paymentLinks.update(link.id, { active: false }), { active: false })
  await visit('GET /v1/payment_links', () => paymentLinks.list(), holding(link))
  await visit('GET /v1/payment_links/:id/line_items', () => paymentLinks.listLineItems(link.id), {
    data: [{ quantity: 1 }],
  })
}

async function walkPortal(walk: Walk): Promise<void> {
  const { stripe, visit } = walk
  const { configurations, sessions } = stripe.billingPortal
  const features = { invoice_history: { enabled: true } }
  const configuration = await visit(
    'POST /v1/billing_portal/configurations',
    () => configurations.create({ features }),
    { active: true },
  )
  const { id } = configuration
  await visit('GET /v1/billing_portal/configurations/:id', () => configurations.retrieve(id), configuration)
  await visit('POST /v1/billing_portal/configurations/:id', () => configurations.update(id, { name: 'Plain' }), {
    name: 'Plain',
  })
  await visit('GET /v1/billing_portal/configurations', () => configurations.list(), holding(configuration))
  const customer = await payingCustomer(walk)
  await visit('POST /v1/billing_portal/sessions', () => sessions.create({ customer, configuration: id }), {
    customer,
    configuration: id,
  })
}

/** Pages that the customer sees. */
export const checkout: Stretches = {
  'Checkout sessions': walkSessions,
  'payment links': walkLinks,
  'the portal': walkPortal,
}
