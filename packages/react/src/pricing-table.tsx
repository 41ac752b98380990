import { useState, type ReactNode } from 'react'
import type { PlanJson } from 'paywright'
import { FailureNote } from './action-button.js'
import { CheckoutButton } from './checkout-button.js'
import { formatAmount } from './format.js'
import { PortalButton } from './portal-button.js'
import { useBilling, usePlans } from './use-billing.js'

/** Where checkout leads back to, and how a plan is told. */
export interface PricingTableProps {
  readonly successPath?: string
  readonly cancelPath?: string
  /** What stands in the place of the checkout button for visitors who have not signed in. */
  readonly signedOut?: (plan: PlanJson) => ReactNode
  /** The lines under a plan's price; by default its features by name. */
  readonly describeFeatures?: (plan: PlanJson) => readonly string[]
}

/**
 * The plans side by side with their prices, and for each what can be done: start it, change to it, or nothing for the
 * one the customer has.
 *
 * @example
 * ```tsx
 * import { PricingTable } from '@paywright/react'
 *
 * export const Pricing = () => <PricingTable successPath="/app" cancelPath="/pricing" />
 * ```
 */
export function PricingTable(props: PricingTableProps): ReactNode {
  const { plans, plansError, reload } = usePlans()
  const [wanted, setWanted] = useState<string | null>(null)
  if (plansError !== null && plans === null) return <FailureNote failure={plansError} onRetry={() => void reload()} />
  if (plans === null) return <PricingSkeleton />
  if (plans.plans.length === 0) return <p className="pw-empty">There is nothing for sale yet.</p>
  const intervals = [...new Set(plans.plans.flatMap((plan) => plan.prices.map((price) => price.interval)))]
  const interval = wanted ?? intervals[0] ?? 'month'
  return (
    <div className="pw-pricing">
      {intervals.length > 1 && <IntervalChoice intervals={intervals} chosen={interval} onChoose={setWanted} />}
      <ul className="pw-plans">
        {plans.plans.map((plan) => (
          <PlanCard key={plan.key} plan={plan} interval={interval} options={props} />
        ))}
      </ul>
    </div>
  )
}

function PricingSkeleton(): ReactNode {
  return (
    <div className="pw-plans" role="status" aria-label="Loading the plans">
      {[1, 2, 3].map((number) => (
        <span key={number} className="pw-skeleton pw-skeleton-plan" />
      ))}
    </div>
  )
}

interface IntervalChoiceProps {
  readonly intervals: readonly string[]
  readonly chosen: string
  readonly onChoose: (interval: string) => void
}

function IntervalChoice({ intervals, chosen, onChoose }: IntervalChoiceProps): ReactNode {
  return (
    <fieldset className="pw-intervals">
      <legend className="pw-visually-hidden">Billed</legend>
      {intervals.map((interval) => (
        <label key={interval}>
          <input
            type="radio"
            name="pw-interval"
            value={interval}
            checked={interval === chosen}
            onChange={() => onChoose(interval)}
          />
          <span>{interval === 'month' ? 'Monthly' : interval === 'year' ? 'Yearly' : `Every ${interval}`}</span>
        </label>
      ))}
    </fieldset>
  )
}

interface PlanCardProps {
  readonly plan: PlanJson
  readonly interval: string
  readonly options: PricingTableProps
}

function PlanCard({ plan, interval, options }: PlanCardProps): ReactNode {
  const { state } = useBilling()
  const price = plan.prices.find((candidate) => candidate.interval === interval)
  const isCurrent = state !== null && state.plan.key === plan.key
  const lines = options.describeFeatures?.(plan) ?? Object.entries(plan.features).flatMap(describeFeature)
  return (
    <li className={isCurrent ? 'pw-plan pw-current' : 'pw-plan'}>
      <h3>{plan.name}</h3>
      <p className="pw-price">
        <strong>
          {price ? formatAmount(price.amount, price.currency) : plan.prices.length === 0 ? 'Free' : 'Not sold'}
        </strong>
        {price && <span> / {interval}</span>}
      </p>
      <p className="pw-note">{plan.trialDays === null ? '\u00a0' : `${plan.trialDays} days free, then charged`}</p>
      <ul className="pw-features">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <div className="pw-plan-action">
        <PlanAction plan={plan} interval={price ? interval : null} options={options} />
      </div>
    </li>
  )
}

function PlanAction({
  plan,
  interval,
  options,
}: {
  plan: PlanJson
  interval: string | null
  options: PricingTableProps
}) {
  const { state, status, loadError } = useBilling()
  if (status === 'loading') return <span className="pw-skeleton pw-skeleton-button" aria-hidden="true" />
  if (state === null) {
    if (loadError?.code === 'not_signed_in') return options.signedOut?.(plan) ?? null
    return loadError && <FailureNote failure={loadError} />
  }
  if (state.plan.key === plan.key) return <p className="pw-badge">Your plan</p>
  if (state.subscription !== null) return plan.prices.length > 0 && <PortalButton>Change to {plan.name}</PortalButton>
  if (interval === null) return null
  const { successPath, cancelPath } = options
  const paths = { ...(successPath !== undefined && { successPath }), ...(cancelPath !== undefined && { cancelPath }) }
  return (
    <CheckoutButton plan={plan.key} interval={interval} {...paths}>
      {plan.trialDays === null ? `Choose ${plan.name}` : `Start ${plan.trialDays}-day trial`}
    </CheckoutButton>
  )
}

function describeFeature([name, value]: [string, boolean | number | 'unlimited']): string[] {
  if (value === false) return []
  const words = name.replaceAll('_', ' ')
  if (value === true) return [words.charAt(0).toUpperCase() + words.slice(1)]
  return [value === 'unlimited' ? `Unlimited ${words}` : `${value} ${words}`]
}
