import { createSimulator, type Simulator } from '@paywright/simulator'
import { Stripe } from 'stripe'
import type { StripeGateway } from '../../engine/ports.js'
import { createGateway } from '../gateway.js'

/** When the simulator's clock begins: 15 November 2023. */
export const NOW = 1_700_000_000

export interface SimulatedStripe {
  readonly simulator: Simulator
  /** The SDK as somebody else would use it, to prepare and to look. */
  readonly stripe: Stripe
  /** What is tested. */
  readonly gateway: StripeGateway
}

export async function simulateStripe(): Promise<SimulatedStripe> {
  const simulator = await createSimulator({ now: NOW, deliveryMode: 'manual' })
  const { host, port, url, secretKey } = simulator
  const stripe = new Stripe(secretKey, { host, port, protocol: 'http' })
  const gateway = createGateway({ secretKey, apiBase: url, webhookSecrets: ['whsec_test'] })
  return { simulator, stripe, gateway }
}
