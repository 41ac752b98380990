import type { Effect, Mail } from 'paywright'
import { EFFECT_TYPES, type TestBilling } from 'paywright/testing'
import type { Faults } from './faults.js'
import { never, type Process } from './process.js'
import type { Scheduler } from './scheduler.js'

/** What the product was told: each time a handler came to its end, and each mail that was handed over. */
export interface Told {
  readonly effects: { readonly key: string }[]
  readonly mails: { readonly key: string }[]
}

export interface ProductParts {
  readonly scheduler: Scheduler
  readonly faults: Faults
  readonly told: Told
}

/** Of all but drift, which reconciling tells. */
const EFFECTS = EFFECT_TYPES.filter((type) => !type.startsWith('drift.'))

/** Registers a handler for every effect, each of which may throw before or after it has done its work. */
export function listen(parts: ProductParts, process: Process, billing: TestBilling['billing']): void {
  const { scheduler, faults, told } = parts
  const handle = async ({ type, key }: Effect): Promise<void> => {
    await scheduler.halt(process, { label: `handler ${type}` })
    if (faults.strike('handler failed')) throw new Error('The handler of the simulation failed before its work.')
    told.effects.push({ key })
    if (faults.strike('handler failed')) throw new Error('The handler of the simulation failed after its work.')
  }
  for (const type of EFFECTS) billing.on(type, handle)
}

export function mailer(
  { scheduler, faults, told }: ProductParts,
  process: Process,
): { send(mail: Mail): Promise<void> } {
  return {
    send: async ({ key }) => {
      await scheduler.halt(process, { label: 'mail' })
      if (!process.isAlive) return never()
      if (faults.strike('handler failed')) throw new Error('The mail server of the simulation is away.')
      told.mails.push({ key })
    },
  }
}
