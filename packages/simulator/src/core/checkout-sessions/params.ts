import { invalidRequest, missingParameter } from '../error.js'
import { requireUrl } from '../urls.js'
import type { CreateParams } from './create-params.js'
import { checkCustomFields } from './custom-fields.js'
import { isGiven, refuseUnbuilt } from './unbuilt.js'

/** Refuses what is not there, is wrong, or is not built, before anything is made. */
export function checkParams(params: CreateParams): void {
  refuseMethodTypes(params)
  refuseUnbuilt(params)
  const { mode } = params
  if (mode === undefined) throw missingParameter('mode')
  if (mode !== 'payment' && mode !== 'setup' && mode !== 'subscription') {
    const message = 'Invalid mode: must be one of payment, setup, or subscription'
    throw invalidRequest(message, { param: 'mode' })
  }
  checkAddresses(params)
  refuseOfOtherModes(params, mode)
  refuseTogether(params)
  if (mode === 'setup' && (params.currency ?? params.allowed_payment_method_types) === undefined) {
    throw missingParameter('currency')
  }
  checkCustomFields(params.custom_fields ?? [])
  checkCustomerUpdate(params)
}

function refuseMethodTypes(params: CreateParams): void {
  if (!('payment_method_types' in params)) return
  const message =
    'The `payment_method_types` parameter is no longer supported. Payment methods come from your Dashboard settings; ' +
    'narrow them with `allowed_payment_method_types` or `excluded_payment_method_types`.'
  throw invalidRequest(message, { code: 'payment_method_types_no_longer_supported', param: 'payment_method_types' })
}

/** A page of Stripe's leads to `success_url`; one inside of the application's own page leads to `return_url`. */
function checkAddresses(params: CreateParams): void {
  const { ui_mode: uiMode = 'hosted_page', redirect_on_completion: redirect } = params
  const isHosted = uiMode === 'hosted_page'
  const strange = isHosted
    ? (['return_url', 'redirect_on_completion'] as const)
    : (['success_url', 'cancel_url'] as const)
  for (const name of strange) {
    if (params[name] === undefined) continue
    throw invalidRequest(`\`${name}\` can not be used when \`ui_mode\` is \`${uiMode}\`.`, { param: name })
  }
  if (isHosted && params.success_url === undefined) throw missingParameter('success_url')
  if (!isHosted && redirect !== 'never' && params.return_url === undefined) throw missingParameter('return_url')
  if (redirect === 'never' && params.return_url !== undefined) {
    const message = 'You can not pass `return_url` when `redirect_on_completion` is `never`.'
    throw invalidRequest(message, { param: 'return_url' })
  }
  for (const name of ['success_url', 'cancel_url', 'return_url'] as const) {
    const url = params[name]
    if (url !== undefined) requireUrl(url, name)
  }
}

function refuseOfOtherModes(params: CreateParams, mode: string): void {
  const belongs = {
    line_items: ['payment', 'subscription'],
    optional_items: ['payment', 'subscription'],
    subscription_data: ['subscription'],
    payment_intent_data: ['payment'],
    setup_intent_data: ['setup'],
    payment_method_collection: ['subscription'],
    customer_creation: ['payment', 'setup'],
    allow_promotion_codes: ['payment', 'subscription'],
    discounts: ['payment', 'subscription'],
    invoice_creation: ['payment'],
    shipping_options: ['payment'],
  } as const satisfies Partial<Record<keyof CreateParams, readonly string[]>>
  for (const [name, modes] of Object.entries(belongs)) {
    if (params[name as keyof typeof belongs] === undefined || modes.some((allowed) => allowed === mode)) continue
    throw invalidRequest(`You can not pass \`${name}\` in \`${mode}\` mode.`, { param: name })
  }
}

/** Parameters of which a request may have one. */
const rivals = [
  ['customer', 'customer_email'],
  ['customer', 'customer_creation'],
  ['allow_promotion_codes', 'discounts'],
  ['allowed_payment_method_types', 'excluded_payment_method_types'],
] as const satisfies readonly (readonly (keyof CreateParams)[])[]

function refuseTogether(params: CreateParams): void {
  const pair = rivals.find((names) => names.every((name) => isGiven(params[name])))
  if (pair === undefined) return
  const message = `You may only specify one of these parameters: ${pair.join(', ')}.`
  throw invalidRequest(message, { param: pair[0] })
}

/** What the page collects from a customer who is there already must be allowed to go to that customer. */
function checkCustomerUpdate(params: CreateParams): void {
  const { customer, customer_update: update } = params
  if (update !== undefined && customer === undefined) {
    throw invalidRequest('`customer_update` can only be used with `customer`.', { param: 'customer_update' })
  }
  if (customer === undefined) return
  if (params.tax_id_collection?.enabled === true && update?.name !== 'auto') {
    const message =
      'Tax ID collection requires updating business name on the customer. To enable tax ID collection for an existing ' +
      'customer, please set `customer_update[name]` to `auto`.'
    throw invalidRequest(message, { param: 'tax_id_collection' })
  }
}
