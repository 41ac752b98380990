import { useBilling } from '@paywright/react'
import type { ReactNode } from 'react'
import { ask } from '../api.js'
import { instantInWords } from '../instant.js'
import { useLoad } from '../use-load.js'
import { useAct } from './parts.js'

/** Told to pages that show what time brings, so that they read again after a journey. */
export const TRAVELLED = 'fieldnotes:travelled'

const STEPS = [
  { step: 'day', label: 'A day' },
  { step: 'renewal', label: 'To the next renewal' },
  { step: 'month', label: 'A month' },
] as const

/** Moves the simulated Stripe and the product through time together. */
export function TimeMachine(): ReactNode {
  const { load, reload } = useLoad<{ now: number | null }>('/clock')
  const { refresh } = useBilling()
  const { isBusy, failure, act } = useAct()
  const travel = (step: string): Promise<void> =>
    act(async () => {
      await ask('/clock', { method: 'POST', body: { step } })
      await Promise.all([refresh(), reload()])
      dispatchEvent(new Event(TRAVELLED))
    })
  const now = load.status === 'ready' ? load.body.now : null
  return (
    <aside className="machine" aria-label="Time machine">
      <div className="bar-inner">
        <p className="clock" role="status">
          {isBusy
            ? 'Travelling…'
            : now === null
              ? 'Reading the clock…'
              : `It is ${instantInWords(new Date(now * 1000))}.`}
          {failure !== null && <strong> {failure}</strong>}
        </p>
        {STEPS.map(({ step, label }) => (
          <button
            key={step}
            type="button"
            className="button"
            aria-disabled={isBusy}
            onClick={isBusy ? undefined : () => void travel(step)}
          >
            {label}
          </button>
        ))}
      </div>
    </aside>
  )
}
