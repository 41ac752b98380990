import { useCallback, useEffect, useState } from 'react'
import { ask } from './api.js'

export type Load<Body> =
  | { readonly status: 'loading' }
  | { readonly status: 'error'; readonly message: string }
  | { readonly status: 'ready'; readonly body: Body }

/** Reads an address of the product's API, and again on `reload` or when `version` changes. */
export function useLoad<Body>(path: string, version = 0): { load: Load<Body>; reload: () => Promise<void> } {
  const [load, setLoad] = useState<Load<Body>>({ status: 'loading' })
  const reload = useCallback(async () => {
    try {
      setLoad({ status: 'ready', body: await ask<Body>(path) })
    } catch (error) {
      setLoad({ status: 'error', message: error instanceof Error ? error.message : String(error) })
    }
  }, [path])
  useEffect(() => void reload(), [reload, version])
  return { load, reload }
}
