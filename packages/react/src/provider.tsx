import { createContext, useContext, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react'
import { createBillingClient, type BillingClient, type BillingClientOptions, type BillingSnapshot } from './client.js'

const BillingContext = createContext<BillingClient | null>(null)

/** How the provider reaches `billing.handler`, and what it stands around. */
export interface BillingProviderProps extends BillingClientOptions {
  /** A client made elsewhere, for instance in a test; the other options are then not used. */
  readonly client?: BillingClient
  readonly children: ReactNode
}

/**
 * Reads the customer's billing state once and shares it with all hooks and components below.
 *
 * @example
 * ```tsx
 * import { BillingProvider, PricingTable } from '@paywright/react'
 *
 * export function App() {
 *   return (
 *     <BillingProvider basePath="/api/billing">
 *       <PricingTable />
 *     </BillingProvider>
 *   )
 * }
 * ```
 */
export function BillingProvider({ client, children, ...options }: BillingProviderProps): ReactNode {
  const [own] = useState(() => client ?? createBillingClient(options))
  useEffect(() => {
    void own.refresh()
    // A page that the browser kept while the customer was at checkout says what was true before.
    const onShow = (event: PageTransitionEvent): void => {
      if (event.persisted) void own.refresh()
    }
    addEventListener('pageshow', onShow)
    return () => removeEventListener('pageshow', onShow)
  }, [own])
  return <BillingContext value={own}>{children}</BillingContext>
}

/** The client of the provider above. */
export function useBillingClient(): BillingClient {
  const client = useContext(BillingContext)
  if (client === null) throw new Error('Paywright: put <BillingProvider> around the components that use billing.')
  return client
}

export function useSnapshot(client: BillingClient): BillingSnapshot {
  return useSyncExternalStore(client.subscribe, client.snapshot, client.snapshot)
}
