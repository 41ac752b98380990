import type { Effect, EffectType } from '../domain/effects.js'
import { BillingError } from '../errors.js'

/** The effects of this type; one interface of the union stands for several types. */
export type EffectOf<Type extends EffectType> = Narrowed<Effect, Type>

type Narrowed<Candidate extends Effect, Type extends EffectType> = Candidate extends Effect
  ? Type extends Candidate['type']
    ? Candidate & { readonly type: Type }
    : never
  : never

/** What the app does about an effect; it is done when this has returned. */
export type EffectHandler<Type extends EffectType> = (effect: EffectOf<Type>) => Promise<void> | void

/** What the app does about effects. */
export interface Handlers {
  /** Answers how to take the handler off again. */
  on<Type extends EffectType>(type: Type, handler: EffectHandler<Type>): () => void
  /** Calls all handlers of the effect, one after the other; throws `handler_failed` if any of them did not return. */
  call(effect: Effect): Promise<void>
}

interface Registration {
  readonly type: EffectType
  readonly handle: (effect: Effect) => Promise<void> | void
}

export function createHandlers(): Handlers {
  let registrations: readonly Registration[] = []
  return {
    on: (type, handler) => {
      const registration: Registration = {
        type,
        handle: (effect) => (isOfType(effect, type) ? handler(effect) : undefined),
      }
      registrations = [...registrations, registration]
      return () => {
        registrations = registrations.filter((other) => other !== registration)
      }
    },
    call: async (effect) => {
      const faults: unknown[] = []
      for (const { handle } of registrations.filter(({ type }) => type === effect.type)) {
        try {
          await handle(effect)
        } catch (error) {
          faults.push(error)
        }
      }
      if (faults.length === 0) return
      const cause = faults.length === 1 ? faults[0] : new AggregateError(faults)
      throw new BillingError('handler_failed', { detail: `${effect.type}: ${messageOf(cause)}`, cause })
    },
  }
}

function isOfType<Type extends EffectType>(effect: Effect, type: Type): effect is EffectOf<Type> {
  return effect.type === type
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}
