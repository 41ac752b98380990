import { useEffect, useState } from 'react'
import { TRAVELLED } from './components/time-machine.js'

/** Counts the journeys through time; give it to `useLoad` to read again after each. */
export function useTravelled(): number {
  const [count, setCount] = useState(0)
  useEffect(() => {
    const onTravel = (): void => setCount((journeys) => journeys + 1)
    addEventListener(TRAVELLED, onTravel)
    return () => removeEventListener(TRAVELLED, onTravel)
  }, [])
  return count
}
