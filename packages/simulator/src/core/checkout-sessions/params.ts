import type Stripe from 'stripe'
import { invalidRequest, missingParameter, notSimulated } from '../error.js'
import { requireUrl } from '../urls.js'

export type CreateParams = Stripe.Checkout.SessionCreateParams

/** What Stripe takes and the simulator does not do: refused by name, never ignored. */
const unbuilt = [
  'after_expiration',
  'branding_settings',
  'consent_collection',
  'custom_text',
  'customer_account',
  'discounts',
  'name_collection',
  'optional_items',
  'payment_method_configuration',
  'payment_method_data',
  'payment_method_options',
  'permissions',
  'saved_payment_method_options',
  'shipping_address_collection',
  'shipping_options',
  'wallet_options',
] as const

/** Features that are off unless `enabled` says otherwise. */
const switches = [
  'adaptive_pricing',
  'automatic_tax',
  'invoice_creation',
  'managed_payments',
  'phone_number_collection',
  'tax_id_collection',
] as const

const unbuiltSubscriptionData = [
  'application_fee_percent',
  'billing_cycle_anchor',
  'billing_cycle_anchor_config',
  'default_tax_rates',
  'invoice_settings',
  'on_behalf_of',
  'pending_invoice_item_interval',
  'proration_behavior',
  'transfer_data',
] as const

const builtPaymentData = new Set(['description', 'metadata', 'setup_future_usage'])
const builtSetupData = new Set(['description', 'metadata'])

/** Refuses what is not there, is wrong, or is not built, before anything is made. */
export function checkParams(params: CreateParams): void {
  refuseUnbuilt(params)
  const { mode } = params
  if (mode === undefined) throw missingParameter('mode')
  if (mode !== 'payment' && mode !== 'setup' && mode !== 'subscription') {
    const message = 'Invalid mode: must be one of payment, setup, or subscription'
    throw invalidRequest(message, { param: 'mode' })
  }
  if (params.success_url === undefined) throw missingParameter('success_url')
  requireUrl(params.success_url, 'success_url')
  if (params.cancel_url !== undefined) requireUrl(params.cancel_url, 'cancel_url')
  refuseOfOtherModes(params, mode)
  if (params.customer !== undefined && params.customer_email !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: customer, customer_email.', {
      param: 'customer',
    })
  }
}

function refuseUnbuilt(params: CreateParams): void {
  if ('payment_method_types' in params) {
    const message =
      'The `payment_method_types` parameter is no longer supported. Payment methods come from your Dashboard settings; ' +
      'narrow them with `allowed_payment_method_types` or `excluded_payment_method_types`.'
    throw invalidRequest(message, { code: 'payment_method_types_no_longer_supported', param: 'payment_method_types' })
  }
  for (const name of unbuilt) if (isGiven(params[name])) throw notSimulated(name, name)
  for (const name of switches) if (params[name]?.enabled === true) throw notSimulated(name, `${name}[enabled]`)
  if (isGiven(params.custom_fields)) throw notSimulated('custom_fields', 'custom_fields')
  if ((params.ui_mode ?? 'hosted_page') !== 'hosted_page') throw notSimulated(`ui_mode ${params.ui_mode}`, 'ui_mode')
  for (const name of ['return_url', 'redirect_on_completion'] as const) {
    if (params[name] === undefined) continue
    throw invalidRequest(`\`${name}\` can not be used when \`ui_mode\` is \`hosted_page\`.`, { param: name })
  }
  if (params.billing_address_collection === 'required') {
    throw notSimulated('A whole billing address', 'billing_address_collection')
  }
  const { allowed_payment_method_types: allowed, excluded_payment_method_types: excluded } = params
  if ((allowed !== undefined && !allowed.includes('card')) || excluded?.includes('card') === true) {
    throw notSimulated(
      'A payment by anything but a card',
      allowed === undefined ? 'excluded_payment_method_types' : 'allowed_payment_method_types',
    )
  }
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0)
}

function refuseOfOtherModes(params: CreateParams, mode: string): void {
  const belongs = {
    line_items: ['payment', 'subscription'],
    subscription_data: ['subscription'],
    payment_intent_data: ['payment'],
    setup_intent_data: ['setup'],
    payment_method_collection: ['subscription'],
    customer_creation: ['payment', 'setup'],
    allow_promotion_codes: ['payment', 'subscription'],
  } as const satisfies Partial<Record<keyof CreateParams, readonly string[]>>
  for (const [name, modes] of Object.entries(belongs)) {
    if (params[name as keyof typeof belongs] === undefined || modes.some((allowed) => allowed === mode)) continue
    throw invalidRequest(`You can not pass \`${name}\` in \`${mode}\` mode.`, { param: name })
  }
  if (params.customer !== undefined && params.customer_creation !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: customer, customer_creation.')
  }
  refuseUnbuiltData(params)
}

function refuseUnbuiltData({
  subscription_data: subscription,
  payment_intent_data: payment,
  setup_intent_data: setup,
}: CreateParams): void {
  for (const name of unbuiltSubscriptionData) {
    if (isGiven(subscription?.[name])) throw notSimulated(name, `subscription_data[${name}]`)
  }
  for (const name of Object.keys(payment ?? {})) {
    if (!builtPaymentData.has(name)) throw notSimulated(name, `payment_intent_data[${name}]`)
  }
  for (const name of Object.keys(setup ?? {})) {
    if (!builtSetupData.has(name)) throw notSimulated(name, `setup_intent_data[${name}]`)
  }
}

const MINUTE = 60
const HOUR = 60 * MINUTE
const SHORTEST = 30 * MINUTE
const LONGEST = 24 * HOUR

/** When the session closes by itself: a day later, unless the request says otherwise. */
export function readExpiry(expiresAt: number | undefined, now: number): number {
  if (expiresAt === undefined) return now + LONGEST
  const param = 'expires_at'
  if (expiresAt < now + SHORTEST) {
    const message = 'The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.'
    throw invalidRequest(message, { param })
  }
  if (expiresAt > now + LONGEST) {
    const message = 'The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.'
    throw invalidRequest(message, { param })
  }
  return expiresAt
}

const DAY = 24 * HOUR

/** A trial must be worth having: at least a day, or an end at least two days ahead. */
export function checkTrial(data: CreateParams['subscription_data'], now: number): void {
  const { trial_end: end, trial_period_days: days } = data ?? {}
  if (end !== undefined && days !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: trial_end, trial_period_days.')
  }
  if (end !== undefined && end < now + 2 * DAY) {
    const message = 'The `trial_end` date has to be at least 2 days in the future.'
    throw invalidRequest(message, { param: 'subscription_data[trial_end]' })
  }
  if (days !== undefined && days < 1) {
    const message = 'The minimum number of trial period days is 1.'
    throw invalidRequest(message, { param: 'subscription_data[trial_period_days]' })
  }
}
