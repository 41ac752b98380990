import { createContext, useContext, type ReactNode } from 'react'
import { Failure } from './components/parts.js'
import { useLoad } from './use-load.js'

export interface Session {
  readonly user: { readonly id: string; readonly email: string } | null
  /** Where the simulator's console is; `null` with real Stripe. */
  readonly simulatorUrl: string | null
  readonly canTravel: boolean
}

interface SessionContext extends Session {
  readonly reload: () => Promise<void>
}

const Context = createContext<SessionContext | null>(null)

export function SessionProvider({ children }: { children: ReactNode }): ReactNode {
  const { load, reload } = useLoad<Session>('/session')
  if (load.status === 'loading') return null
  if (load.status === 'error') return <Failure message={load.message} onRetry={reload} />
  return <Context value={{ ...load.body, reload }}>{children}</Context>
}

export function useSession(): SessionContext {
  const session = useContext(Context)
  if (session === null) throw new Error('useSession needs <SessionProvider> above it.')
  return session
}
