/**
 * A local, stateful Stripe: an HTTP server for the official SDK, with hosted pages, signed webhooks and time travel.
 */
export { createSimulator, type Simulator, type SimulatorOptions } from './server.js'
export { API_VERSION } from './api-version.js'
export { SIMULATED_ROUTES } from './simulated-routes.js'
export type { WebhookOption } from './delivery/register.js'
export type { DeliveryMode } from './delivery/deliveries.js'
export type { DeliveryFaults } from './delivery/faults.js'
export type { DeliveryAttempt, DeliveryRecord } from './core/edge-records.js'
export type { AccountSettings } from './core/private-records.js'
export type { LoggedRequest } from './http/request-log.js'
export type { Snapshot } from './snapshot.js'
export type { PlainCommand, World } from './world.js'
