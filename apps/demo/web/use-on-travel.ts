import { useEffect } from 'react'
import { TRAVELLED } from './components/time-machine.js'

/** Does this after each journey through time, such as reading again what it may have changed. */
export function useOnTravel(act: () => Promise<void>): void {
  useEffect(() => {
    const onTravel = (): void => void act()
    addEventListener(TRAVELLED, onTravel)
    return () => removeEventListener(TRAVELLED, onTravel)
  }, [act])
}
