import type { ObjectShape } from './parameter-types.js'

/** Routes that no SDK declares and the official CLI calls, with the commands behind them. */
export const undocumentedRoutes: Readonly<Record<string, string>> = {
  'GET /v1/payment_pages/:id': 'payment_pages.retrieve',
  'POST /v1/payment_pages/:id/confirm': 'payment_pages.confirm',
}

/** Their parameters, which no declaration gives. */
export const undocumentedShapes: Readonly<Record<string, ObjectShape>> = {
  'GET /v1/payment_pages/:id': { fields: {} },
  'POST /v1/payment_pages/:id/confirm': { fields: { expected_amount: 'integer', payment_method: 'string' } },
}
