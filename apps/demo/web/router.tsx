import { useSyncExternalStore, type MouseEvent, type ReactNode } from 'react'

const CHANGED = 'fieldnotes:navigated'

function subscribe(onChange: () => void): () => void {
  addEventListener('popstate', onChange)
  addEventListener(CHANGED, onChange)
  return () => {
    removeEventListener('popstate', onChange)
    removeEventListener(CHANGED, onChange)
  }
}

/** Goes to another page of the app without loading it anew, and moves the reader to its top. */
export function navigate(path: string): void {
  history.pushState(null, '', path)
  dispatchEvent(new Event(CHANGED))
  scrollTo(0, 0)
  document.querySelector<HTMLElement>('main')?.focus({ preventScroll: true })
}

/** The address that the app shows: path and query. */
export function useAddress(): { path: string; query: URLSearchParams } {
  const address = useSyncExternalStore(subscribe, () => location.pathname + location.search)
  const url = new URL(address, location.origin)
  return { path: url.pathname, query: url.searchParams }
}

/** A real link that stays inside the app; with a modifier key it opens as any link does. */
export function Link({ to, className, children }: { to: string; className?: string; children: ReactNode }): ReactNode {
  const { path } = useAddress()
  const follow = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    navigate(to)
  }
  return (
    <a href={to} className={className} aria-current={path === to ? 'page' : undefined} onClick={follow}>
      {children}
    </a>
  )
}
