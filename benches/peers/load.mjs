import { createRequire } from 'node:module'

// A module finds packages from where it stands, so this one stands beside those of the peers.
const require = createRequire(import.meta.url)

/** @param {string} name */
export const importPeer = (name) => import(name)

/** @param {string} name */
export const requirePeer = (name) => require(name)
