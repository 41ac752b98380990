/**
 * Every route of Stripe's that the simulator carries out, and the command behind it. A name after a colon is the name
 * under which the command receives that part of the path. The parameters of each are in `parameters.generated.ts`.
 */
export const routes: Readonly<Record<string, string>> = {
  'GET /v1/account': 'account.retrieve',

  'GET /v1/balance_transactions/:id': 'balance_transactions.retrieve',

  'POST /v1/billing_portal/configurations': 'portal_configurations.create',
  'GET /v1/billing_portal/configurations': 'portal_configurations.list',
  'GET /v1/billing_portal/configurations/:id': 'portal_configurations.retrieve',
  'POST /v1/billing_portal/configurations/:id': 'portal_configurations.update',
  'POST /v1/billing_portal/sessions': 'portal_sessions.create',

  'GET /v1/charges': 'charges.list',
  'GET /v1/charges/:id': 'charges.retrieve',
  'POST /v1/charges/:id': 'charges.update',

  'POST /v1/checkout/sessions': 'checkout_sessions.create',
  'GET /v1/checkout/sessions': 'checkout_sessions.list',
  'GET /v1/checkout/sessions/:id': 'checkout_sessions.retrieve',
  'POST /v1/checkout/sessions/:id': 'checkout_sessions.update',
  'POST /v1/checkout/sessions/:id/expire': 'checkout_sessions.expire',
  'GET /v1/checkout/sessions/:id/line_items': 'checkout_sessions.line_items',

  'POST /v1/customers': 'customers.create',
  'GET /v1/customers': 'customers.list',
  'GET /v1/customers/:id': 'customers.retrieve',
  'POST /v1/customers/:id': 'customers.update',
  'DELETE /v1/customers/:id': 'customers.delete',
  'GET /v1/customers/:customer/payment_methods': 'customers.list_payment_methods',
  'GET /v1/customers/:customer/payment_methods/:id': 'customers.retrieve_payment_method',

  'GET /v1/events': 'events.list',
  'GET /v1/events/:id': 'events.retrieve',

  'GET /v1/invoice_payments': 'invoice_payments.list',
  'GET /v1/invoice_payments/:id': 'invoice_payments.retrieve',

  'POST /v1/invoiceitems': 'invoiceitems.create',
  'GET /v1/invoiceitems': 'invoiceitems.list',
  'GET /v1/invoiceitems/:id': 'invoiceitems.retrieve',
  'POST /v1/invoiceitems/:id': 'invoiceitems.update',
  'DELETE /v1/invoiceitems/:id': 'invoiceitems.delete',

  'POST /v1/invoices': 'invoices.create',
  'GET /v1/invoices': 'invoices.list',
  'POST /v1/invoices/create_preview': 'invoices.create_preview',
  'GET /v1/invoices/:id': 'invoices.retrieve',
  'POST /v1/invoices/:id': 'invoices.update',
  'DELETE /v1/invoices/:id': 'invoices.delete',
  'POST /v1/invoices/:id/finalize': 'invoices.finalize',
  'GET /v1/invoices/:id/lines': 'invoices.lines',
  'POST /v1/invoices/:id/mark_uncollectible': 'invoices.mark_uncollectible',
  'POST /v1/invoices/:id/pay': 'invoices.pay',
  'POST /v1/invoices/:id/send': 'invoices.send',
  'POST /v1/invoices/:id/void': 'invoices.void',

  'POST /v1/payment_intents': 'payment_intents.create',
  'GET /v1/payment_intents': 'payment_intents.list',
  'GET /v1/payment_intents/:id': 'payment_intents.retrieve',
  'POST /v1/payment_intents/:id': 'payment_intents.update',
  'POST /v1/payment_intents/:id/cancel': 'payment_intents.cancel',
  'POST /v1/payment_intents/:id/capture': 'payment_intents.capture',
  'POST /v1/payment_intents/:id/confirm': 'payment_intents.confirm',

  'POST /v1/payment_methods': 'payment_methods.create',
  'GET /v1/payment_methods': 'payment_methods.list',
  'GET /v1/payment_methods/:id': 'payment_methods.retrieve',
  'POST /v1/payment_methods/:id': 'payment_methods.update',
  'POST /v1/payment_methods/:id/attach': 'payment_methods.attach',
  'POST /v1/payment_methods/:id/detach': 'payment_methods.detach',

  'GET /v1/plans/:id': 'plans.retrieve',

  'POST /v1/prices': 'prices.create',
  'GET /v1/prices': 'prices.list',
  'GET /v1/prices/:id': 'prices.retrieve',
  'POST /v1/prices/:id': 'prices.update',

  'POST /v1/products': 'products.create',
  'GET /v1/products': 'products.list',
  'GET /v1/products/:id': 'products.retrieve',
  'POST /v1/products/:id': 'products.update',
  'DELETE /v1/products/:id': 'products.delete',

  'POST /v1/setup_intents': 'setup_intents.create',
  'GET /v1/setup_intents': 'setup_intents.list',
  'GET /v1/setup_intents/:id': 'setup_intents.retrieve',
  'POST /v1/setup_intents/:id': 'setup_intents.update',
  'POST /v1/setup_intents/:id/cancel': 'setup_intents.cancel',
  'POST /v1/setup_intents/:id/confirm': 'setup_intents.confirm',

  'POST /v1/subscription_items': 'subscription_items.create',
  'GET /v1/subscription_items': 'subscription_items.list',
  'GET /v1/subscription_items/:id': 'subscription_items.retrieve',
  'POST /v1/subscription_items/:id': 'subscription_items.update',
  'DELETE /v1/subscription_items/:id': 'subscription_items.delete',

  'POST /v1/subscriptions': 'subscriptions.create',
  'GET /v1/subscriptions': 'subscriptions.list',
  'GET /v1/subscriptions/:id': 'subscriptions.retrieve',
  'POST /v1/subscriptions/:id': 'subscriptions.update',
  'DELETE /v1/subscriptions/:id': 'subscriptions.cancel',

  'POST /v1/test_helpers/test_clocks': 'test_clocks.create',
  'GET /v1/test_helpers/test_clocks': 'test_clocks.list',
  'GET /v1/test_helpers/test_clocks/:id': 'test_clocks.retrieve',
  'DELETE /v1/test_helpers/test_clocks/:id': 'test_clocks.delete',
  'POST /v1/test_helpers/test_clocks/:id/advance': 'test_clocks.advance',

  'POST /v1/webhook_endpoints': 'webhook_endpoints.create',
  'GET /v1/webhook_endpoints': 'webhook_endpoints.list',
  'GET /v1/webhook_endpoints/:id': 'webhook_endpoints.retrieve',
  'POST /v1/webhook_endpoints/:id': 'webhook_endpoints.update',
  'DELETE /v1/webhook_endpoints/:id': 'webhook_endpoints.delete',
}
