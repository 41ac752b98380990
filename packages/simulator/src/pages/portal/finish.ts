import { seeOther, type PageResponse } from '../request.js'
import type { Acted } from '../run.js'
import { errorsOf } from '../card-form.js'
import type { FieldErrors } from '../fields.js'
import type { Done } from './notices.js'

/** Where an act of the portal ends: back at the overview with what was done, at the bank, or where it was. */
export function finish(
  outcome: Acted,
  ends: { readonly base: string; readonly done: Done; readonly refused: (errors: FieldErrors) => PageResponse },
): PageResponse {
  const { base, done, refused } = ends
  switch (outcome.status) {
    case 'succeeded':
    case 'closed':
      return seeOther(`${base}?done=${done}`)
    case 'requires_action':
      return seeOther(`/3ds/${outcome.intent}`)
    case 'failed':
      return refused(errorsOf(outcome.error))
    default:
      return outcome satisfies never
  }
}

/** The one text of errors that belong to no field of the page. */
export function firstOf(errors: FieldErrors): string {
  return Object.values(errors).find((text) => text !== undefined) ?? 'This did not work. Try again.'
}
