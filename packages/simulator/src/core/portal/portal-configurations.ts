import type Stripe from 'stripe'
import { settingsOf } from '../account-settings.js'
import { invalidRequest, missingParameter } from '../error.js'
import { listReply, type Handler, type Handlers } from '../handler.js'
import { recordInPath, refuseUnbuilt } from '../lookup.js'
import { mergeMetadata } from '../metadata.js'
import { allFeatures, mergeFeatures, noFeatures, type PortalFeatures } from './portal-features.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import { requireUrl } from '../urls.js'

export type PortalConfiguration = Records['portal_configurations']

type CreateParams = Stripe.BillingPortal.ConfigurationCreateParams
type UpdateParams = Stripe.BillingPortal.ConfigurationUpdateParams

const kind = 'billing_portal configuration'

/** The configuration of sessions that name none. A real account saves one in the Dashboard; here the first use makes it. */
export function defaultConfiguration(transaction: Transaction): PortalConfiguration {
  const made = transaction.all('portal_configurations').find((configuration) => configuration.is_default)
  return made ?? make(transaction, allFeatures, { is_default: true })
}

function make(
  transaction: Transaction,
  features: PortalFeatures,
  fields: Partial<PortalConfiguration>,
): PortalConfiguration {
  return transaction.put('portal_configurations', {
    id: transaction.newId('bpc'),
    object: 'billing_portal.configuration',
    active: true,
    application: null,
    business_profile: { headline: null, privacy_policy_url: null, terms_of_service_url: null },
    created: transaction.now,
    default_return_url: null,
    features,
    is_default: false,
    livemode: false,
    login_page: { enabled: false, url: null },
    metadata: {},
    name: null,
    updated: transaction.now,
    ...fields,
  })
}

/** Where customers can ask for a session themselves; its address stays the same while it is on. */
function loginPageOf(
  transaction: Transaction,
  params: CreateParams | UpdateParams,
  before: PortalConfiguration['login_page'],
): PortalConfiguration['login_page'] {
  const { enabled = before.enabled } = params.login_page ?? {}
  if (!enabled) return { enabled, url: null }
  const url = before.url ?? `${settingsOf(transaction).origin}/p/login/${transaction.newId('test')}`
  return { enabled, url }
}

function profileOf(
  params: CreateParams | UpdateParams,
  before: PortalConfiguration['business_profile'],
): PortalConfiguration['business_profile'] {
  const { headline, privacy_policy_url: privacy, terms_of_service_url: terms } = params.business_profile ?? {}
  if (privacy) requireUrl(privacy, 'business_profile[privacy_policy_url]')
  if (terms) requireUrl(terms, 'business_profile[terms_of_service_url]')
  return {
    headline: textOr(headline, before.headline),
    privacy_policy_url: textOr(privacy, before.privacy_policy_url),
    terms_of_service_url: textOr(terms, before.terms_of_service_url),
  }
}

function textOr(asked: string | null | undefined, before: string | null): string | null {
  return asked === undefined ? before : asked || null
}

/** The texts that a request sets, over what was there. */
function textsOf(
  params: CreateParams | UpdateParams,
  before: Pick<PortalConfiguration, 'business_profile' | 'default_return_url' | 'metadata' | 'name'>,
): Pick<PortalConfiguration, 'business_profile' | 'default_return_url' | 'metadata' | 'name'> {
  if (params.default_return_url) requireUrl(params.default_return_url, 'default_return_url')
  return {
    business_profile: profileOf(params, before.business_profile),
    default_return_url: textOr(params.default_return_url, before.default_return_url),
    metadata: mergeMetadata(before.metadata ?? {}, params.metadata),
    name: textOr(params.name, before.name),
  }
}

const nothing = {
  business_profile: { headline: null, privacy_policy_url: null, terms_of_service_url: null },
  default_return_url: null,
  metadata: {},
  name: null,
}

const create: Handler<CreateParams> = (transaction, { params }) => {
  if (params.features === undefined) throw missingParameter('features')
  const features = mergeFeatures(transaction, noFeatures, params.features)
  const login = loginPageOf(transaction, params, { enabled: false, url: null })
  const configuration = make(transaction, features, { ...textsOf(params, nothing), login_page: login })
  transaction.emit('billing_portal.configuration.created', 'portal_configurations', configuration)
  return transaction.render('portal_configurations', configuration)
}

const update: Handler<UpdateParams> = (transaction, { path, params }) => {
  const before = recordInPath(transaction, 'portal_configurations', { id: path['id'], kind, param: 'configuration' })
  if (params.active === false && before.is_default) {
    throw invalidRequest('You cannot deactivate the default configuration.', { param: 'active' })
  }
  const after = transaction.patch('portal_configurations', before.id, {
    ...textsOf(params, before),
    active: params.active ?? before.active,
    features: mergeFeatures(transaction, before.features, params.features ?? {}),
    login_page: loginPageOf(transaction, params, before.login_page),
    updated: transaction.now,
  })
  transaction.emitChange('billing_portal.configuration.updated', 'portal_configurations', { before, after })
  return transaction.render('portal_configurations', after)
}

const retrieve: Handler = (transaction, { path }) => {
  const configuration = recordInPath(transaction, 'portal_configurations', {
    id: path['id'],
    kind,
    param: 'configuration',
  })
  return transaction.render('portal_configurations', configuration)
}

const list: Handler<Stripe.BillingPortal.ConfigurationListParams> = (transaction, { params }) => {
  refuseUnbuilt(params, ['active', 'ending_before', 'is_default', 'limit', 'starting_after'])
  const where = (configuration: PortalConfiguration): boolean =>
    (params.active === undefined || configuration.active === params.active) &&
    (params.is_default === undefined || configuration.is_default === params.is_default)
  const page = transaction.page('portal_configurations', params, { where, kind })
  return listReply(transaction, 'portal_configurations', { page, url: '/v1/billing_portal/configurations' })
}

export const portalConfigurationHandlers: Handlers = {
  'portal_configurations.create': create,
  'portal_configurations.retrieve': retrieve,
  'portal_configurations.update': update,
  'portal_configurations.list': list,
}
