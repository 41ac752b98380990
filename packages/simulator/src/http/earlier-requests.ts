import { invalidRequest } from '../core/error.js'
import type { Form, FormValue } from './form-codec.js'
import type { ObjectShape, Parameter } from './parameter-types.js'
import type { Match } from './router.js'

/** What changed in how a request is written. Each change is undone for requests in the spelling of an earlier version. */
interface Change {
  /** The version that brought the change. */
  readonly since: string
  /** The routes it concerns. */
  readonly routes: RegExp
  /** It changed what is done where nothing is said, which holds for whoever names an earlier version. */
  readonly isDefault?: true
  readonly modernize: (form: Form, route: string) => Form
}

/** Cards were the default before the Dashboard's settings were. */
const DYNAMIC_BY_DEFAULT = '2023-08-16'
const CAPTURED_LATER = '2024-04-10'
const FEATURES_RENAMED = '2024-04-10'
const BASIL = '2025-03-31.basil'
const CLOVER = '2025-09-30.clover'
const DAHLIA = '2026-03-25.dahlia'
const ENDIVE = '2026-09-30.endive'

/** https://docs.stripe.com/changelog */
const changes: readonly Change[] = [
  {
    since: DYNAMIC_BY_DEFAULT,
    routes: /^POST \/v1\/(?:payment|setup)_intents$/,
    modernize: (form) =>
      'automatic_payment_methods' in form || 'payment_method_types' in form
        ? form
        : { ...form, payment_method_types: { 0: 'card' } },
  },
  {
    since: CAPTURED_LATER,
    routes: /^POST \/v1\/payment_intents$/,
    isDefault: true,
    modernize: (form) => ({ capture_method: 'automatic', ...form }),
  },
  {
    since: FEATURES_RENAMED,
    routes: /^POST \/v1\/products(?:\/:id)?$/,
    modernize: ({ features, ...form }) => (features === undefined ? form : { ...form, marketing_features: features }),
  },
  {
    since: BASIL,
    routes: /^POST \/v1\/invoices\/create_preview$/,
    modernize: withSubscriptionDetails,
  },
  {
    since: BASIL,
    routes: /^POST \/v1\/invoiceitems(?:\/:id)?$/,
    modernize: ({ price, unit_amount: amount, ...form }) => ({
      ...form,
      ...(price !== undefined && { pricing: { price } }),
      ...(amount !== undefined && { unit_amount_decimal: amount }),
    }),
  },
  {
    since: BASIL,
    routes: /^POST \/v1\/subscription_schedules(?:\/:id)?$/,
    modernize: ({ phases, ...form }) =>
      phases === undefined ? form : { ...form, phases: phasesWithDiscounts(phases) },
  },
  {
    since: BASIL,
    routes: /^POST \/v1\/subscriptions$/,
    modernize: ({ plan, quantity, ...form }) =>
      plan === undefined ? form : { ...form, items: { 0: { plan, ...(quantity !== undefined && { quantity }) } } },
  },
  {
    since: CLOVER,
    routes: /^POST \/v1\/(?:quotes|subscriptions|subscription_schedules)$/,
    isDefault: true,
    modernize: (form, route) => {
      if (route.endsWith('/quotes')) return { ...form, subscription_data: classic(form['subscription_data']) }
      return 'from_subscription' in form ? form : classic(form)
    },
  },
  {
    since: BASIL,
    routes: /^POST \/v1\/(?:subscriptions(?:\/:id)?|invoices\/create_preview)$/,
    modernize: withDiscounts,
  },
  {
    since: CLOVER,
    routes: /^POST \/v1\/promotion_codes$/,
    modernize: ({ coupon, ...form }) =>
      coupon === undefined ? form : { ...form, promotion: { type: 'coupon', coupon } },
  },
  {
    since: DAHLIA,
    routes: /^POST \/v1\/checkout\/sessions$/,
    modernize: (form) =>
      renamed(form, 'ui_mode', { hosted: 'hosted_page', embedded: 'embedded_page', custom: 'elements' }),
  },
  {
    since: ENDIVE,
    routes: /^POST \/v1\/subscriptions\/:id(?:\/resume)?$/,
    modernize: ({ billing_cycle_anchor: anchor, ...form }) =>
      anchor === undefined
        ? form
        : { ...form, billing_cycle_anchor: typeof anchor === 'string' ? anchorOf(anchor) : anchor },
  },
  {
    since: ENDIVE,
    routes: /^POST \/v1\/invoices\/create_preview$/,
    modernize: (form) => {
      const { subscription_details: details } = form
      if (typeof details !== 'object' || typeof details['billing_cycle_anchor'] !== 'string') return form
      return {
        ...form,
        subscription_details: { ...details, billing_cycle_anchor: anchorOf(details['billing_cycle_anchor']) },
      }
    },
  },
  {
    since: ENDIVE,
    routes: /^POST \/v1\/(?:checkout\/sessions|(?:payment|setup)_intents(?:\/:id(?:\/confirm)?)?)$/,
    modernize: withAllowedMethods,
  },
]

/** Whoever names this version or a later one writes as today. */
const latestChange = changes.map(({ since }) => since).reduce((left, right) => (left > right ? left : right))

/**
 * A request written as some earlier version has it, written as it is today, so far as today has a word for it. Without a
 * version, as the official CLI sends its requests, it may be written as any version has it.
 */
export function modernize(route: string, form: Form, version: string | undefined): Form {
  if (version !== undefined && version >= latestChange) return form
  return changes
    .filter(({ since, routes, isDefault = false }) => {
      return (version === undefined ? !isDefault : version < since) && routes.test(route)
    })
    .reduce((current, change) => change.modernize(current, route), form)
}

/** A request to a route that is gone, as one to the route that took its place. */
export function modernRoute(found: Match<string>, version: string | undefined): Match<string> {
  const isUpcoming = found.route === 'GET /v1/invoices/:id' && found.path['id'] === 'upcoming'
  if (!isUpcoming || (version !== undefined && version >= BASIL)) return found
  return { route: 'POST /v1/invoices/create_preview', target: 'invoices.create_preview', path: {} }
}

/** Parameters that are gone, with nothing in their place: earlier versions still have them. */
interface Gone {
  readonly since: string
  readonly routes: RegExp
  /** Its place in the form; `*` is any element. */
  readonly path: readonly string[]
  /** The shape that it belonged to, and its type there. */
  readonly shape: string
  readonly type: Parameter
}

const gone: readonly Gone[] = [
  ...['Create', 'Update'].flatMap((verb) =>
    ['coupon', 'promotion_code'].map((name) => ({
      since: BASIL,
      routes: /^POST \/v1\/customers(?:\/:id)?$/,
      path: [name],
      shape: `Customer${verb}Params`,
      type: { unset: 'string' } as const,
    })),
  ),
  ...['Create', 'Update'].map((verb) => ({
    since: CLOVER,
    routes: /^POST \/v1\/subscription_schedules(?:\/:id)?$/,
    path: ['phases', '*', 'iterations'],
    shape: `SubscriptionSchedule${verb}Params.Phase`,
    type: 'integer' as const,
  })),
]

/** The shapes with the parameters that only earlier versions have. */
export function withGoneParameters(
  shapes: Readonly<Record<string, ObjectShape>>,
): Readonly<Record<string, ObjectShape>> {
  const all = { ...shapes }
  for (const { shape, path, type } of gone) {
    const known = all[shape]
    const name = path.at(-1)
    if (known !== undefined && name !== undefined) all[shape] = { ...known, fields: { ...known.fields, [name]: type } }
  }
  return all
}

/**
 * Refuses what the version of the request no longer has.
 *
 * @throws StripeError `parameter_unknown`
 */
export function refuseGone(route: string, form: Form, version: string | undefined): void {
  if (version === undefined) return
  for (const { since, routes, path } of gone) {
    if (version < since || !routes.test(route)) continue
    const found = findIn(form, path)
    if (found === undefined) continue
    const [first = '', ...rest] = found
    const param = `${first}${rest.map((step) => `[${step}]`).join('')}`
    throw invalidRequest(`Received unknown parameter: ${param}`, { code: 'parameter_unknown', param })
  }
}

/** Where in the form something stands, with the elements' own keys. */
function findIn(form: FormValue | undefined, [step, ...rest]: readonly string[]): readonly string[] | undefined {
  if (step === undefined) return form === undefined ? undefined : []
  if (typeof form !== 'object') return undefined
  for (const key of step === '*' ? Object.keys(form) : [step]) {
    const found = findIn(form[key], rest)
    if (found !== undefined) return [key, ...found]
  }
  return undefined
}

/** Subscriptions were in classic billing mode unless told otherwise. */
function classic(form: FormValue | undefined): Form {
  return { billing_mode: { type: 'classic' }, ...(typeof form === 'object' ? form : {}) }
}

function renamed(form: Form, name: string, values: Readonly<Record<string, string>>): Form {
  const value = form[name]
  return typeof value === 'string' && value in values ? { ...form, [name]: values[value] ?? value } : form
}

function withDiscounts({ coupon, promotion_code: code, ...form }: Form): Form {
  if (coupon === undefined && code === undefined) return form
  const discounts: readonly Form[] = [
    ...(typeof coupon === 'string' && coupon !== '' ? [{ coupon }] : []),
    ...(typeof code === 'string' && code !== '' ? [{ promotion_code: code }] : []),
  ]
  return { ...form, discounts: discounts.length === 0 ? '' : Object.fromEntries(discounts.entries()) }
}

function phasesWithDiscounts(phases: FormValue): FormValue {
  if (typeof phases !== 'object') return phases
  const entries = Object.entries(phases)
  return Object.fromEntries(
    entries.map(([at, phase]) => [at, typeof phase === 'object' ? withDiscounts(phase) : phase]),
  )
}

/** A word, or in previews an instant as well. */
function anchorOf(text: string): Form {
  return /^\d+$/.test(text) ? { type: 'timestamp', timestamp: text } : { type: text }
}

/** What a preview changed in a subscription stood beside it, each field with a name of its own. */
function withSubscriptionDetails(form: Form): Form {
  const prefix = 'subscription_'
  const isDetail = (name: string): boolean => name.startsWith(prefix) && name !== 'subscription_details'
  const entries = Object.entries(form)
  const details = entries.filter(([name]) => isDetail(name)).map(([name, value]) => [name.slice(prefix.length), value])
  if (details.length === 0) return form
  const { subscription_details: known } = form
  return {
    ...Object.fromEntries(entries.filter(([name]) => !isDetail(name))),
    subscription_details: { ...Object.fromEntries(details), ...(typeof known === 'object' ? known : {}) },
  }
}

/** Methods that keep the customer on the merchant's page. */
const STAYING = new Set(['acss_debit', 'au_becs_debit', 'bacs_debit', 'card', 'sepa_debit', 'us_bank_account'])

function withAllowedMethods({ payment_method_types: types, ...form }: Form, route: string): Form {
  if (types === undefined) return form
  if (typeof types === 'string') return form
  const stays = Object.values(types).every((type) => typeof type === 'string' && STAYING.has(type))
  const isNewIntent = /^POST \/v1\/\w+_intents$/.test(route)
  return {
    allowed_payment_method_types: types,
    ...form,
    ...(isNewIntent && stays && !('automatic_payment_methods' in form)
      ? { automatic_payment_methods: { enabled: 'true', allow_redirects: 'never' } }
      : {}),
  }
}
