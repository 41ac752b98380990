import type { ReactNode } from 'react'
import { formatAmount, formatDate } from './format.js'
import { PortalButton } from './portal-button.js'
import { useBilling } from './use-billing.js'

/** Where the banner leads back to. */
export interface PastDueBannerProps {
  /** Where to come back to, on this site, after the card was updated. */
  readonly returnPath?: string
}

/**
 * Says that a payment failed, how much is due and when it is tried again; nothing while all is paid.
 *
 * @example
 * ```tsx
 * import { PastDueBanner } from '@paywright/react'
 *
 * export const Layout = () => <PastDueBanner returnPath="/billing" />
 * ```
 */
export function PastDueBanner({ returnPath }: PastDueBannerProps): ReactNode {
  const { state } = useBilling()
  if (!state?.pastDue) return null
  const { amountDue, currency, nextAttemptAt, hostedInvoiceUrl } = state.pastDue
  const next =
    nextAttemptAt === null ? 'We will not try again by ourselves.' : `We try again on ${formatDate(nextAttemptAt)}.`
  return (
    <section className="pw-banner" role="alert" aria-label="Payment failed">
      <p>
        <strong>Payment failed.</strong> Your payment of {formatAmount(amountDue, currency)} did not go through. {next}
      </p>
      <div className="pw-actions">
        {hostedInvoiceUrl !== null && (
          <a className="pw-button pw-primary" href={hostedInvoiceUrl}>
            Pay now
          </a>
        )}
        <PortalButton flow="payment_method_update" {...(returnPath !== undefined && { returnPath })}>
          Update card
        </PortalButton>
      </div>
    </section>
  )
}
