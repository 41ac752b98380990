import { readHealth } from '../../engine/read-health.js'
import type { Route } from '../context.js'
import { json } from '../reply.js'
import { isAuthorized } from './work.js'

/** `GET /health`: 200 while all is well, else 503. The numbers are for those who have the bearer secret. */
export const getHealth: Route = async (context, asked) => {
  const health = await readHealth(context.engine)
  const body = isAuthorized(context, asked) ? health : { ok: health.ok }
  return json(body, { status: health.ok ? 200 : 503 })
}
