import type { EffectType } from './effects.js'

/**
 * What tells one occurrence of an effect from the next.
 *
 * `once`: it happens once in the life of what it is about. `moment`: it belongs to a moment of that life, such as an attempt
 * or a period. Both have the same key also where what was stored is lost and the same is found anew. `sync`: the states
 * between which it happens can come again, even within one second, so the sync that found it names it; what it found is
 * written in one piece with it, so that no other sync finds the same.
 */
type Naming = 'once' | 'moment' | 'sync'

const NAMINGS: Readonly<Record<EffectType, Naming>> = {
  'subscription.activated': 'once',
  'subscription.canceled': 'once',
  'invoice.paid': 'once',
  'payment.succeeded': 'once',
  'payment.failed': 'moment',
  'payment.action_required': 'moment',
  'subscription.renewed': 'moment',
  'subscription.trial_ending': 'moment',
  'subscription.trial_started': 'sync',
  'subscription.past_due': 'sync',
  'subscription.recovered': 'sync',
  'subscription.canceling': 'sync',
  'subscription.resumed': 'sync',
  'subscription.updated': 'sync',
  'plan.changed': 'sync',
  'access.granted': 'sync',
  'access.revoked': 'sync',
  'access.changed': 'sync',
  'price.unknown': 'sync',
  'drift.found': 'sync',
  'drift.repaired': 'sync',
}

/** All types of effects. Guaranteed by the type of the table: it names each, and no other. */
export const EFFECT_TYPES = Object.keys(NAMINGS) as readonly EffectType[]

export interface Occurrence {
  /** The object that it is about. */
  readonly of: string
  /** The moment that it belongs to, such as the number of the attempt; needed by those effects that are named by one. */
  readonly moment?: number | null
  /** Tells the sync that found it from all others. */
  readonly occurrence: string
}

/** The key of an effect: never that of another occurrence, and always that of this one. */
export function effectKey(type: EffectType, { of, moment, occurrence }: Occurrence): string {
  switch (NAMINGS[type]) {
    case 'once':
      return `${type}:${of}`
    case 'moment':
      return `${type}:${of}:${moment ?? occurrence}`
    case 'sync':
      return `${type}:${of}:${occurrence}`
  }
}
