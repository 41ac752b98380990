import type { BillingState } from 'paywright'
import { useEffect } from 'react'
import type { BillingClient, BillingSnapshot } from './client.js'
import { useBillingClient, useSnapshot } from './provider.js'

/** What `useBilling` answers: where the customer stands, and what can be done about it. */
export interface UseBilling
  extends
    Pick<BillingSnapshot, 'status' | 'state' | 'loadError' | 'pending' | 'actionError'>,
    Pick<BillingClient, 'refresh' | 'checkout' | 'portal' | 'cancel' | 'resume' | 'dismiss'> {
  /** Whether the plan has this feature now; false while that is not known yet. */
  has(feature: string): boolean
  /** How many of something the plan allows: `Infinity` without a limit, 0 while that is not known yet. */
  limit(feature: string): number
}

/**
 * The customer's plan, access and payments, and the verbs that change them.
 *
 * @example
 * ```tsx
 * import { useBilling } from '@paywright/react'
 *
 * export function PlanName() {
 *   const { state, status } = useBilling()
 *   return <p>{status === 'loading' ? '…' : state?.plan.name}</p>
 * }
 * ```
 */
export function useBilling(): UseBilling {
  const client = useBillingClient()
  const { status, state, loadError, pending, actionError } = useSnapshot(client)
  const { refresh, checkout, portal, cancel, resume, dismiss } = client
  return {
    status,
    state,
    loadError,
    pending,
    actionError,
    refresh,
    checkout,
    portal,
    cancel,
    resume,
    dismiss,
    has: (feature) => hasFeature(state, feature),
    limit: (feature) => limitOf(state, feature),
  }
}

/** What `usePlans` answers. */
export interface UsePlans extends Pick<BillingSnapshot, 'plans' | 'plansError'> {
  /** Reads the plans again, after an error. */
  reload(): Promise<void>
}

/**
 * The plans that are for sale, read when first needed.
 *
 * @example
 * ```tsx
 * import { usePlans } from '@paywright/react'
 *
 * export function PlanNames() {
 *   const { plans } = usePlans()
 *   return <ul>{plans?.plans.map((plan) => <li key={plan.key}>{plan.name}</li>)}</ul>
 * }
 * ```
 */
export function usePlans(): UsePlans {
  const client = useBillingClient()
  const { plans, plansError } = useSnapshot(client)
  useEffect(() => {
    if (client.snapshot().plans === null) void client.loadPlans()
  }, [client])
  return { plans, plansError, reload: client.loadPlans }
}

function hasFeature(state: BillingState | null, feature: string): boolean {
  const value = state?.access.features[feature]
  return value !== undefined && value !== false && value !== 0
}

function limitOf(state: BillingState | null, feature: string): number {
  const value = state?.access.features[feature]
  if (value === 'unlimited') return Infinity
  return typeof value === 'number' ? value : 0
}
