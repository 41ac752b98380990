import Stripe from 'stripe'
import { createSimulator, type Simulator, type SimulatorOptions } from '../server.js'

export interface Started {
  readonly simulator: Simulator
  readonly stripe: Stripe
}

/** A simulator whose clock stands and which sends nothing by itself, unless told otherwise, and the SDK pointed at it. */
export async function startWithSdk(options: SimulatorOptions = {}): Promise<Started> {
  const simulator = await createSimulator({ now: 1_800_000_000, deliveryMode: 'manual', ...options })
  const { host, port, secretKey } = simulator
  return { simulator, stripe: new Stripe(secretKey, { host, port, protocol: 'http', maxNetworkRetries: 0 }) }
}
