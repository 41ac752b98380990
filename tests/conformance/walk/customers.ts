import { gone, holding, type Stretches, type Walk } from './walk.js'

async function walkCustomers({ stripe, visit }: Walk): Promise<void> {
  const ada = { email: 'ada@example.com', name: 'Ada', payment_method: 'pm_card_visa' }
  const customer = await visit('POST /v1/customers', () => stripe.customers.create(ada), { email: ada.email })
  await visit('GET /v1/customers/:id', () => stripe.customers.retrieve(customer.id), customer)
  const phone = '+441632960000'
  await visit('POST /v1/customers/:id', () => stripe.customers.update(customer.id, { phone }), { phone })
  await visit('GET /v1/customers', () => stripe.customers.list({ email: ada.email }), holding(customer))
  const query = `email:'${ada.email}'`
  await visit('GET /v1/customers/search', () => stripe.customers.search({ query }), { data: [{ id: customer.id }] })
  const methods = await visit(
    'GET /v1/customers/:customer/payment_methods',
    () => stripe.customers.listPaymentMethods(customer.id),
    { data: [{ type: 'card', customer: customer.id }] },
  )
  const [method = { id: '' }] = methods.data
  await visit(
    'GET /v1/customers/:customer/payment_methods/:id',
    () => stripe.customers.retrievePaymentMethod(customer.id, method.id),
    { id: method.id },
  )
  await visit('DELETE /v1/customers/:id', () => stripe.customers.del(customer.id), gone(customer))
}

async function walkSources({ stripe, visit }: Walk): Promise<void> {
  const { id: customer } = await stripe.customers.create()
  const source = await visit(
    'POST /v1/customers/:customer/sources',
    () => stripe.customers.createSource(customer, { source: 'tok_visa' }),
    { object: 'card', customer, last4: '4242' },
  )
  await visit('GET /v1/customers/:customer/sources/:id', () => stripe.customers.retrieveSource(customer, source.id), {
    id: source.id,
  })
  await visit(
    'POST /v1/customers/:customer/sources/:id',
    () => stripe.customers.updateSource(customer, source.id, { name: 'Ada' }),
    { name: 'Ada' },
  )
  await visit('GET /v1/customers/:customer/sources', () => stripe.customers.listSources(customer), holding(source))
  await visit('DELETE /v1/customers/:customer/sources/:id', () => stripe.customers.deleteSource(customer, source.id), {
    id: source.id,
  })
}

async function walkBalance({ stripe, visit }: Walk): Promise<void> {
  const { id: customer } = await stripe.customers.create()
  const credit = { amount: -500, currency: 'usd' }
  const transaction = await visit(
    'POST /v1/customers/:customer/balance_transactions',
    () => stripe.customers.createBalanceTransaction(customer, credit),
    { ...credit, ending_balance: -500, type: 'adjustment' },
  )
  await visit(
    'GET /v1/customers/:customer/balance_transactions/:id',
    () => stripe.customers.retrieveBalanceTransaction(customer, transaction.id),
    transaction,
  )
  await visit(
    'POST /v1/customers/:customer/balance_transactions/:id',
    () => stripe.customers.updateBalanceTransaction(customer, transaction.id, { description: 'Sorry' }),
    { description: 'Sorry' },
  )
  await visit(
    'GET /v1/customers/:customer/balance_transactions',
    () => stripe.customers.listBalanceTransactions(customer),
    holding(transaction),
  )
}

async function walkCash({ stripe, visit }: Walk): Promise<void> {
  const { id: customer } = await stripe.customers.create()
  await visit('GET /v1/customers/:customer/cash_balance', () => stripe.customers.retrieveCashBalance(customer), {
    object: 'cash_balance',
    customer,
  })
  await visit(
    'GET /v1/customers/:customer/cash_balance_transactions',
    () => stripe.customers.listCashBalanceTransactions(customer),
    { data: [] },
  )
}

async function walkTaxIds({ stripe, visit }: Walk): Promise<void> {
  const { id: customer } = await stripe.customers.create()
  const vat = { type: 'eu_vat', value: 'DE123456789' } as const
  const taxId = await visit('POST /v1/customers/:customer/tax_ids', () => stripe.customers.createTaxId(customer, vat), {
    ...vat,
    customer,
  })
  await visit('GET /v1/customers/:customer/tax_ids/:id', () => stripe.customers.retrieveTaxId(customer, taxId.id), {
    id: taxId.id,
  })
  await visit('GET /v1/customers/:customer/tax_ids', () => stripe.customers.listTaxIds(customer), holding(taxId))
  await visit(
    'DELETE /v1/customers/:customer/tax_ids/:id',
    () => stripe.customers.deleteTaxId(customer, taxId.id),
    gone(taxId),
  )
  const own = await visit('POST /v1/tax_ids', () => stripe.taxIds.create(vat), vat)
  await visit('GET /v1/tax_ids/:id', () => stripe.taxIds.retrieve(own.id), { id: own.id })
  await visit('GET /v1/tax_ids', () => stripe.taxIds.list(), holding(own))
  await visit('DELETE /v1/tax_ids/:id', () => stripe.taxIds.del(own.id), gone(own))
}

async function walkDiscount({ stripe, visit }: Walk): Promise<void> {
  const { id: coupon } = await stripe.coupons.create({ percent_off: 10 })
  // Only earlier versions of the API can give a customer a discount.
  const older = { apiVersion: '2024-06-20' }
  const params: object = { coupon }
  const customer = await stripe.customers.create(params, older)
  await visit('DELETE /v1/customers/:customer/discount', () => stripe.customers.deleteDiscount(customer.id), {
    deleted: true,
  })
}

async function walkSessions({ stripe, visit }: Walk): Promise<void> {
  const { id: customer } = await stripe.customers.create()
  await visit(
    'POST /v1/customer_sessions',
    () => stripe.customerSessions.create({ customer, components: { pricing_table: { enabled: true } } }),
    { object: 'customer_session', customer },
  )
}

/** Customers and what belongs to them. */
export const customers: Stretches = {
  customers: walkCustomers,
  sources: walkSources,
  'balance transactions': walkBalance,
  'cash balance': walkCash,
  'tax ids': walkTaxIds,
  discounts: walkDiscount,
  'customer sessions': walkSessions,
}
