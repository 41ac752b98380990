import { typedIn, type FieldErrors } from '../card-form.js'
import type { PageResponse } from '../request.js'
import { act } from '../run.js'
import { detailsPage } from './details.js'
import { finish } from './finish.js'
import type { PortalCall } from './frame.js'

export function serveDetails({ world, context, request, token }: PortalCall): PageResponse | undefined {
  const { customer, features } = context.view
  if (!features.customer_update.enabled) return undefined
  if (request.method !== 'POST')
    return detailsPage(context, { name: customer.name ?? '', email: customer.email ?? '' }, {})
  const typed = typedIn(request.form)
  const { name = '', email = '' } = typed
  const refused = (errors: FieldErrors): PageResponse => detailsPage(context, typed, errors)
  const { allowed_updates: allowed } = features.customer_update
  if (allowed.includes('name') && name === '') return refused({ name: 'Enter a name.' })
  if (allowed.includes('email') && email === '')
    return refused({ email: 'Enter an e-mail address such as ada@example.com.' })
  const outcome = act(world, {
    name: 'portal_pages.update_customer',
    id: token,
    params: { name: name || null, email: email || null },
  })
  return finish(outcome, { base: context.base, done: 'details', refused })
}
