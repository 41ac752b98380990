import { readAddress } from '../address-form.js'
import { isEmail } from '../checkout/read.js'
import { typedIn, type FieldErrors, type Typed } from '../fields.js'
import type { PageResponse } from '../request.js'
import { act } from '../run.js'
import { exampleOf, typedTaxId } from '../tax-ids.js'
import { detailsPage, taxIdPage } from './details.js'
import { finish, firstOf } from './finish.js'
import { overviewPage } from './overview.js'
import type { PortalCall } from './frame.js'

export function serveDetails(call: PortalCall): PageResponse | undefined {
  const { world, context, request, token } = call
  const { customer, features } = context.view
  if (!features.customer_update.enabled) return undefined
  if (request.method !== 'POST') return detailsPage(context, knownOf(customer), {})
  const typed = typedIn(request.form)
  const { errors, params } = readDetails(features.customer_update.allowed_updates, typed)
  const refused = (found: FieldErrors): PageResponse => detailsPage(context, typed, found)
  if (Object.keys(errors).length > 0) return refused(errors)
  return finish(act(world, { name: 'portal_pages.update_customer', id: token, params }), {
    base: context.base,
    done: 'details',
    refused,
  })
}

type Customer = PortalCall['context']['view']['customer']

/** What is known already, as the form has it. */
function knownOf({ address, email, name, phone, shipping }: Customer): Typed {
  return {
    name: name ?? '',
    email: email ?? '',
    phone: phone ?? '',
    shipping_name: shipping?.name ?? '',
    ...fieldsOf('', address),
    ...fieldsOf('shipping_', shipping?.address ?? null),
  }
}

function fieldsOf(prefix: '' | 'shipping_', address: Customer['address']): Typed {
  return Object.fromEntries(Object.entries(address ?? {}).map(([part, value]) => [`${prefix}${part}`, value ?? '']))
}

function readDetails(
  allowed: readonly string[],
  typed: Typed,
): { errors: FieldErrors; params: Record<string, unknown> } {
  const { name = '', email = '', phone = '', shipping_name: recipient = '' } = typed
  const address = allowed.includes('address') ? readAddress('', typed) : undefined
  const sent = allowed.includes('shipping') && isSentAnything(typed) ? readAddress('shipping_', typed) : undefined
  const errors: FieldErrors = {
    ...(allowed.includes('name') && name === '' && { name: 'Enter a name.' }),
    ...(allowed.includes('email') && !isEmail(email) && { email: 'Enter an e-mail address such as ada@example.com.' }),
    ...(address?.ok === false && address.errors),
    ...(sent !== undefined && recipient === '' && { shipping_name: 'Enter the name of whoever receives it.' }),
    ...(sent?.ok === false && sent.errors),
  }
  const params = {
    name: name || null,
    email: email || null,
    phone: phone || null,
    ...(address?.ok === true && { address: address.value }),
    ...(allowed.includes('shipping') && {
      shipping: sent?.ok === true ? { name: recipient, address: sent.value } : null,
    }),
  }
  return { errors, params }
}

/** Who has nothing sent to them leaves the address empty; its country is always chosen. */
function isSentAnything(typed: Typed): boolean {
  const parts = ['name', 'line1', 'line2', 'postal_code', 'city', 'state'] as const
  return parts.some((part) => (typed[`shipping_${part}`] ?? '') !== '')
}

export function serveTaxIds({ world, context, request, token }: PortalCall, rest: string): PageResponse | undefined {
  const { allowed_updates: allowed, enabled } = context.view.features.customer_update
  if (!enabled || !allowed.includes('tax_id')) return undefined
  const isPost = request.method === 'POST'
  if (rest === '/tax-ids/remove' && isPost) {
    const params = { taxId: request.form.get('tax_id') ?? '' }
    return finish(act(world, { name: 'portal_pages.remove_tax_id', id: token, params }), {
      base: context.base,
      done: 'taxIdRemoved',
      refused: (errors) => overviewPage(context, new URLSearchParams(), firstOf(errors)),
    })
  }
  if (rest !== '/tax-ids/new') return undefined
  const typed = typedIn(request.form)
  const { tax_id: text = '', tax_id_type: type = 'eu_vat' } = typed
  const value = typedTaxId(type, text)
  if (!isPost) return taxIdPage(context, {}, {})
  if (value === undefined) {
    return taxIdPage(context, typed, { tax_id: `Enter a tax ID such as ${exampleOf(type)}.` })
  }
  return finish(act(world, { name: 'portal_pages.add_tax_id', id: token, params: { type, value } }), {
    base: context.base,
    done: 'taxId',
    refused: (errors) => taxIdPage(context, typed, errors),
  })
}
