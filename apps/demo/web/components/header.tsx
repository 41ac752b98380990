import type { ReactNode } from 'react'
import { ask } from '../api.js'
import { Link, navigate } from '../router.js'
import { useSession } from '../session.js'
import { useAct } from './parts.js'

export function Header(): ReactNode {
  const { user, simulatorUrl, reload } = useSession()
  const { isBusy, act } = useAct()
  const signOut = (): Promise<void> =>
    act(async () => {
      await ask('/session', { method: 'DELETE' })
      await reload()
      navigate('/')
    })
  return (
    <header className="bar">
      <div className="bar-inner">
        <Link to="/" className="brand">
          <Mark /> Fieldnotes
        </Link>
        <nav className="nav" aria-label="Main">
          <Link to="/">Pricing</Link>
          {user !== null && (
            <>
              <Link to="/projects">Projects</Link>
              <Link to="/billing">Billing</Link>
              <Link to="/mailbox">Mailbox</Link>
              <Link to="/events">Events</Link>
            </>
          )}
          {simulatorUrl !== null && (
            <a href={simulatorUrl} target="_blank" rel="noreferrer">
              Simulator
            </a>
          )}
        </nav>
        <div className="who">
          {user === null ? (
            <Link to="/sign-in" className="button">
              Sign in
            </Link>
          ) : (
            <>
              <span title={user.email}>{user.email}</span>
              <button type="button" className="button" aria-disabled={isBusy} onClick={() => void signOut()}>
                Sign out
              </button>
            </>
          )}
        </div>
      </div>
    </header>
  )
}

function Mark(): ReactNode {
  return (
    <svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#0f766e" />
      <path d="M9 22V10h14M9 16h10" stroke="white" strokeWidth="3" fill="none" strokeLinecap="round" />
    </svg>
  )
}
