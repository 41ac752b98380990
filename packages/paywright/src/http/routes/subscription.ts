import { cancelAtPeriodEnd, resumeSubscription } from '../../engine/change-cancellation.js'
import type { CustomerQuestion, Route } from '../context.js'
import { onlyFields, readJson } from '../read-body.js'
import { stateReply } from './state.js'

/** `POST /subscription/cancel`: ends it when the paid period ends; answers the state as it is then. */
export const postCancel: Route<CustomerQuestion> = async (context, asked) => {
  onlyFields(await readJson(asked.request), [])
  await cancelAtPeriodEnd(context.engine, asked.customer.id)
  return stateReply(context.engine, asked.customer.id)
}

/** `POST /subscription/resume`: takes the cancellation back; answers the state as it is then. */
export const postResume: Route<CustomerQuestion> = async (context, asked) => {
  onlyFields(await readJson(asked.request), [])
  await resumeSubscription(context.engine, asked.customer.id)
  return stateReply(context.engine, asked.customer.id)
}
