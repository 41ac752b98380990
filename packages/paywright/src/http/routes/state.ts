import type { EngineContext } from '../../engine/context.js'
import { readCustomerFacts } from '../../engine/read-customer.js'
import { describeState } from '../describe-state.js'
import type { CustomerQuestion, Route } from '../context.js'
import { json } from '../reply.js'

/** `GET /state`: where the signed-in customer stands. */
export const getState: Route<CustomerQuestion> = ({ engine }, { customer }) => stateReply(engine, customer.id)

export async function stateReply(engine: EngineContext, customerId: string): Promise<Response> {
  return json(describeState(await readCustomerFacts(engine, customerId)))
}
