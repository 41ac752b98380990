import { CATALOG_SUBJECT } from '../domain/subject.js'
import type { UnixSeconds } from '../domain/time.js'
import type { VerifiedEvent } from '../engine/ports.js'
import { asFields, type Fields } from './fields.js'

/** How an event of version 2 of the API calls itself: it says what has changed and not how it is now. */
export const THIN_EVENT = 'v2.core.event'

/** What belongs to the account and to none of its customers. */
const CATALOG_TYPES = ['product', 'price', 'coupon', 'promotion_code', 'billing.meter']

/**
 * What we keep of a thin event, or `null` where it is none. It carries no data, so whatever it is about has to be read; what
 * it names, such as a subscription, need not say whose it is: that is then left to the snapshot of the same change.
 */
export function parseThinEvent(event: Fields, payload: string): VerifiedEvent | null {
  const { id, type, livemode } = event
  const createdAt = instantOf(event['created'])
  if (typeof id !== 'string' || typeof type !== 'string' || typeof livemode !== 'boolean') return null
  if (createdAt === null) return null
  const related = asFields(event['related_object']) ?? {}
  return {
    eventId: id,
    type,
    livemode,
    apiVersion: null,
    account: accountIn(event['context']),
    createdAt,
    subject: subjectOfRelated(related),
    objectId: textOrNull(related['id']),
    payload,
    secretFingerprint: null,
  }
}

/** The second in which it was made; Stripe writes it with fractions of one. */
function instantOf(created: unknown): UnixSeconds | null {
  const milliseconds = typeof created === 'string' ? Date.parse(created) : NaN
  return Number.isNaN(milliseconds) ? null : Math.floor(milliseconds / 1000)
}

/** The last account on the way to what it is about, such as `org_1/acct_1`. */
function accountIn(context: unknown): string | null {
  const path = typeof context === 'string' ? context.split('/') : []
  return path.findLast((part) => part.startsWith('acct_')) ?? null
}

/** The address of what belongs to a customer often names them. */
const CUSTOMER_IN_ADDRESS = /^\/v1\/customers\/(\w+)\/|[?&]customer=(\w+)/

function subjectOfRelated({ type, id, url }: Fields): string | null {
  if (typeof type !== 'string') return null
  if (CATALOG_TYPES.includes(type)) return CATALOG_SUBJECT
  if (type === 'customer') return textOrNull(id)
  const match = typeof url === 'string' ? CUSTOMER_IN_ADDRESS.exec(url) : null
  return match?.[1] ?? match?.[2] ?? null
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

/** When a stored payload is that of a thin event: its type, and when it was made. */
export function thinFacts(payload: unknown): { readonly type: string; readonly createdAt: UnixSeconds } | null {
  const { object, type, created } = asFields(payload) ?? {}
  const createdAt = instantOf(created)
  return object === THIN_EVENT && typeof type === 'string' && createdAt !== null ? { type, createdAt } : null
}
