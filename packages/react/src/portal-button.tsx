import type { ReactNode } from 'react'
import { ActionButton, FailureNote } from './action-button.js'
import { useBilling } from './use-billing.js'

/** Where the portal opens and leads back to, and what the button says. */
export interface PortalButtonProps {
  /** Opens the portal at this task instead of at its start. */
  readonly flow?: 'payment_method_update'
  /** Where to come back to, on this site. */
  readonly returnPath?: string
  readonly className?: string
  readonly children?: ReactNode
}

/**
 * Takes the customer to the portal, where cards, invoices and the plan are looked after.
 *
 * @example
 * ```tsx
 * import { PortalButton } from '@paywright/react'
 *
 * export const Manage = () => <PortalButton returnPath="/billing">Manage billing</PortalButton>
 * ```
 */
export function PortalButton({
  flow,
  returnPath,
  className,
  children = 'Manage billing',
}: PortalButtonProps): ReactNode {
  const { portal, pending, actionError } = useBilling()
  const detail = flow ?? ''
  const isBusy = pending?.action === 'portal' && pending.detail === detail
  const failure = actionError?.action === 'portal' && actionError.detail === detail ? actionError : null
  const wish = { ...(flow && { flow }), ...(returnPath !== undefined && { returnPath }) }
  return (
    <>
      <ActionButton className={className} isBusy={isBusy} isBlocked={pending !== null} onAct={() => void portal(wish)}>
        {children}
      </ActionButton>
      {failure && <FailureNote failure={failure} />}
    </>
  )
}
