import { BillingError } from '../../errors.js'
import type { HttpContext, Question, Route } from '../context.js'
import { json } from '../reply.js'
import { isSameSecret } from '../same-secret.js'

/** `POST /work` and `GET /work`: one bounded pass over what waits, for cron. */
export const doWork: Route = async (context, asked) => {
  if (context.workSecret === null) {
    throw new BillingError('not_found', { detail: 'There is no work route while `workSecret` is not set.' })
  }
  if (!isAuthorized(context, asked)) throw new BillingError('work_unauthorized')
  return json(await context.inbox.work())
}

/** Whether the request carries the bearer secret. */
export function isAuthorized({ workSecret }: HttpContext, { request }: Question): boolean {
  const [, given] = /^Bearer\s+(.+)$/i.exec(request.headers.get('authorization') ?? '') ?? []
  return workSecret !== null && given !== undefined && isSameSecret(given, workSecret)
}
