import { readBacklog, readHealth } from '../../engine/read-health.js'
import type { Route } from '../context.js'
import { json } from '../reply.js'
import { isAuthorized } from './work.js'

/** `GET /health`: 200 while all is well, else 503. The numbers are for those who have the bearer secret. */
export const getHealth: Route = async (context, asked) => {
  if (isAuthorized(context, asked)) {
    const health = await readHealth(context.engine)
    return json(health, { status: health.ok ? 200 : 503 })
  }
  const { ok } = await readBacklog(context.engine)
  return json({ ok }, { status: ok ? 200 : 503 })
}
