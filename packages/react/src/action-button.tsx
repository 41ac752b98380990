import type { ReactNode } from 'react'
import type { BillingFailure } from './client.js'

export interface ActionButtonProps {
  readonly className?: string | undefined
  readonly onAct: () => void
  readonly isBusy: boolean
  readonly isBlocked: boolean
  readonly children: ReactNode
}

/**
 * A button that keeps its width and its focus while it works. It is marked, not disabled: a disabled button would drop
 * the keyboard's focus, and the client already refuses a second press.
 */
export function ActionButton({ className, onAct, isBusy, isBlocked, children }: ActionButtonProps): ReactNode {
  return (
    <button
      type="button"
      className={className ?? 'pw-button'}
      aria-disabled={isBusy || isBlocked}
      aria-busy={isBusy}
      onClick={isBusy || isBlocked ? undefined : onAct}
    >
      <span className={isBusy ? 'pw-hidden' : undefined}>{children}</span>
      {isBusy && <span className="pw-spinner" aria-hidden="true" />}
    </button>
  )
}

/** Why something was refused and what to do next, announced when it appears. */
export function FailureNote({ failure, onRetry }: { failure: BillingFailure; onRetry?: () => void }): ReactNode {
  return (
    <div className="pw-failure" role="alert">
      <p>
        {failure.message} {failure.hint}
      </p>
      {onRetry && (
        <button type="button" className="pw-button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  )
}
