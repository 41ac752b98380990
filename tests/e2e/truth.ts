import { PGlite } from '@electric-sql/pglite'
import { pglite } from 'paywright'
import { compareWithStripe, type Difference } from 'paywright/testing'
import Stripe from 'stripe'

/** The official SDK, talking to the simulator of a product that runs. */
export function stripeOf(simulator: string): Stripe {
  const { hostname, port } = new URL(simulator)
  return new Stripe('sk_test_of_the_tests', { host: hostname, port, protocol: 'http' })
}

/** What a product's database says otherwise than its simulator, field by field. */
export async function differencesBetween(directory: string, simulator: string): Promise<readonly Difference[]> {
  const instance = await PGlite.create(directory)
  try {
    return await compareWithStripe(pglite(instance), stripeOf(simulator), { usersTable: { name: 'users', id: 'id' } })
  } finally {
    await instance.close()
  }
}
