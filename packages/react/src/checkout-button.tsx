import type { ReactNode } from 'react'
import { ActionButton, FailureNote } from './action-button.js'
import { useBilling } from './use-billing.js'

/** What to buy, where to come back to, and what the button says. */
export interface CheckoutButtonProps {
  /** The plan's key; the server knows its price. */
  readonly plan: string
  readonly interval: string
  /** Where to come back to, on this site. */
  readonly successPath?: string
  readonly cancelPath?: string
  readonly className?: string
  readonly children: ReactNode
}

/**
 * Takes the customer to checkout. Pressing twice asks once; a refusal is shown below the button.
 *
 * @example
 * ```tsx
 * import { CheckoutButton } from '@paywright/react'
 *
 * export const Upgrade = () => <CheckoutButton plan="pro" interval="month">Upgrade to Pro</CheckoutButton>
 * ```
 */
export function CheckoutButton({ plan, interval, className, children, ...paths }: CheckoutButtonProps): ReactNode {
  const { checkout, pending, actionError } = useBilling()
  const detail = `${plan}:${interval}`
  const isBusy = pending?.action === 'checkout' && pending.detail === detail
  const failure = actionError?.action === 'checkout' && actionError.detail === detail ? actionError : null
  return (
    <>
      <ActionButton
        className={className ?? 'pw-button pw-primary'}
        isBusy={isBusy}
        isBlocked={pending !== null}
        onAct={() => void checkout({ plan, interval, ...paths })}
      >
        {children}
      </ActionButton>
      {failure && <FailureNote failure={failure} />}
    </>
  )
}
