import type { ReactNode } from 'react'
import { FailureNote } from './action-button.js'
import { useBilling } from './use-billing.js'

/** The feature that is asked for, and what is shown with and without it. */
export interface GateProps {
  readonly feature: string
  /** What those see whose plan lacks the feature. */
  readonly fallback?: ReactNode
  readonly children: ReactNode
}

/**
 * Shows its children to those whose plan has the feature. The server must check as well: this hides, it does not guard.
 *
 * @example
 * ```tsx
 * import { Gate } from '@paywright/react'
 *
 * export const Export = () => (
 *   <Gate feature="export" fallback={<p>Export is part of Pro.</p>}>
 *     <a href="/api/export">Export</a>
 *   </Gate>
 * )
 * ```
 */
export function Gate({ feature, fallback = null, children }: GateProps): ReactNode {
  const { status, loadError, has, refresh } = useBilling()
  if (status === 'loading') return <span className="pw-skeleton pw-skeleton-line" aria-hidden="true" />
  if (status === 'error') return loadError && <FailureNote failure={loadError} onRetry={() => void refresh()} />
  return has(feature) ? children : fallback
}
