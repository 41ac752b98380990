import { useCallback, useEffect, useState } from 'react'
import { ask } from './api.js'

export type Load<Body> =
  | { readonly status: 'loading' }
  | { readonly status: 'error'; readonly message: string }
  | { readonly status: 'ready'; readonly body: Body }

/** Reads an address of the product's API, and again on `reload`. */
export function useLoad<Body>(path: string): { load: Load<Body>; reload: () => Promise<void> } {
  const [load, setLoad] = useState<Load<Body>>({ status: 'loading' })
  const reload = useCallback(() => read<Body>(path).then(setLoad), [path])
  useEffect(() => void reload(), [reload])
  return { load, reload }
}

async function read<Body>(path: string): Promise<Load<Body>> {
  try {
    return { status: 'ready', body: await ask<Body>(path) }
  } catch (error) {
    return { status: 'error', message: error instanceof Error ? error.message : String(error) }
  }
}
