import { invoiceOfPage, invoiceView, type InvoiceView } from '../../core/invoices/invoice-pages.js'
import { errorsOf, readCard, type ReadCard } from '../card-form.js'
import { typedIn, type FieldErrors } from '../fields.js'
import { notFoundPage, staleFormPage } from '../layout.js'
import { isFrom, seeOther, type PageRequest, type PageResponse } from '../request.js'
import { act, type PageWorld } from '../run.js'
import { typedFromQuery } from '../test-cards.js'
import { invoicePage } from './page.js'
import { invoicePdf, receiptPdf } from './pdf.js'

export function serveInvoice(world: PageWorld, request: PageRequest, id: string): PageResponse {
  const transaction = world.view()
  const invoice = invoiceOfPage(transaction, id)
  if (invoice === undefined) return notFoundPage()
  const path = `/i/${id}`
  if (request.path === `${path}/pdf`) return invoicePdf(invoiceView(transaction, invoice))
  if (request.path === `${path}/receipt` && invoice.status === 'paid') {
    return receiptPdf(invoiceView(transaction, invoice))
  }
  if (request.path !== path) return notFoundPage()
  const view = invoiceView(transaction, invoice)
  if (request.method !== 'POST') return openedPage(view, request)
  if (!isFrom(request, view.formToken)) return staleFormPage(path)
  return paid(world, request, { id, view })
}

function openedPage(view: InvoiceView, { query, path }: PageRequest): PageResponse {
  const typed = typedFromQuery(query, view.now)
  const errors =
    view.lastError === null || view.waitingIntent !== null || typed.number !== undefined ? {} : errorsOf(view.lastError)
  return invoicePage(
    view,
    {
      typed,
      errors: formOnly(errors, typed.number === undefined),
      savedCard: typed.number === undefined ? defaultCard(view) : '',
    },
    path,
  )
}

function defaultCard({ cards }: InvoiceView): string {
  return (cards.find((card) => card.isDefault) ?? cards[0])?.id ?? ''
}

/** A saved card has no fields in which anything could be wrong. */
function formOnly(errors: FieldErrors, isSaved: boolean): FieldErrors {
  const [text] = Object.values(errors)
  return isSaved && text !== undefined ? { form: text } : errors
}

function paid(world: PageWorld, request: PageRequest, { id, view }: { id: string; view: InvoiceView }): PageResponse {
  const { form, origin, path } = request
  const savedCard = form.get('saved_card') ?? ''
  const typed = typedIn(form)
  const again = (errors: FieldErrors): PageResponse =>
    invoicePage(view, { typed, errors: formOnly(errors, savedCard !== ''), savedCard }, path)
  const read = savedCard === '' ? readCard(typed) : undefined
  if (read?.ok === false) return again(read.errors)
  const typedCard: ReadCard | { card: null; name: null; country: null } = read?.value ?? {
    card: null,
    name: null,
    country: null,
  }
  const params = { savedCard: savedCard || null, ...typedCard, returnUrl: `${origin}${path}` }
  const outcome = act(world, { name: 'invoice_pages.pay', id, params })
  switch (outcome.status) {
    case 'succeeded':
    case 'closed':
      return seeOther(path)
    case 'requires_action':
      return seeOther(`/3ds/${outcome.intent}`)
    case 'failed':
      return again(errorsOf(outcome.error))
    default:
      return outcome satisfies never
  }
}
