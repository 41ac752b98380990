import { readPlans } from '../../engine/read-plans.js'
import type { Route } from '../context.js'
import { json } from '../reply.js'
import type { PlansJson } from '../state-json.js'

/** `GET /plans`: what is for sale, for everybody. */
export const getPlans: Route = async ({ engine }) => json({ plans: await readPlans(engine) } satisfies PlansJson)
