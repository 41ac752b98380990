import { useState, type ReactNode } from 'react'
import type { Load } from '../use-load.js'

/** A load in its three states: a skeleton of the same size, what went wrong with a way to try again, or the content. */
export function Loaded<Body>(props: {
  load: Load<Body>
  reload: () => Promise<void>
  height: number
  children: (body: Body) => ReactNode
}): ReactNode {
  const { load, reload, height, children } = props
  switch (load.status) {
    case 'loading':
      return <div className="skeleton" role="status" aria-label="Loading" style={{ height }} />
    case 'error':
      return <Failure message={load.message} onRetry={reload} />
    case 'ready':
      return children(load.body)
  }
}

export function Failure({ message, onRetry }: { message: string; onRetry?: () => Promise<void> }): ReactNode {
  return (
    <div className="notice red" role="alert">
      {message}{' '}
      {onRetry && (
        <button type="button" className="button" onClick={() => void onRetry()}>
          Try again
        </button>
      )}
    </div>
  )
}

/** Runs one thing at a time and keeps what went wrong for showing. */
export function useAct(): {
  isBusy: boolean
  failure: string | null
  act: (work: () => Promise<void>) => Promise<void>
} {
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const act = async (work: () => Promise<void>): Promise<void> => {
    if (isBusy) return
    setBusy(true)
    setFailure(null)
    try {
      await work()
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error))
    } finally {
      setBusy(false)
    }
  }
  return { isBusy, failure, act }
}

const COLOURS = {
  active: 'green',
  paid: 'green',
  trialing: 'blue',
  past_due: 'amber',
  open: 'amber',
  incomplete: 'amber',
  unpaid: 'red',
  uncollectible: 'red',
} as const

const WORDS: Readonly<Record<string, string>> = {
  active: 'Active',
  trialing: 'Trial',
  past_due: 'Payment failed',
  unpaid: 'Unpaid',
  canceled: 'Ended',
  ending: 'Ends soon',
  incomplete: 'Waiting for payment',
  incomplete_expired: 'Not completed',
  paused: 'Paused',
  paid: 'Paid',
  open: 'Due',
  draft: 'Being prepared',
  void: 'Void',
  uncollectible: 'Written off',
}

/** A status in the customer's words; the colour only repeats them. */
export function Status({ status }: { status: string }): ReactNode {
  const colour = (COLOURS as Readonly<Record<string, string>>)[status] ?? ''
  return <span className={`badge ${colour}`}>{WORDS[status] ?? status.replaceAll('_', ' ')}</span>
}
