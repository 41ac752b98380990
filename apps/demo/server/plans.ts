import { definePlans } from 'paywright'

/** What the demo sells. A plan without prices is what everybody has who pays for nothing. */
export const plans = definePlans({
  free: { name: 'Free', features: { projects: 3 } },
  pro: {
    name: 'Pro',
    features: { projects: 50, export: true },
    prices: {
      month: { amount: 2000, currency: 'usd' },
      year: { amount: 20_000, currency: 'usd' },
    },
  },
  team: {
    name: 'Team',
    trialDays: 14,
    features: { projects: 'unlimited', export: true, audit: true },
    prices: {
      month: { amount: 4900, currency: 'usd' },
      year: { amount: 49_000, currency: 'usd' },
    },
  },
})
