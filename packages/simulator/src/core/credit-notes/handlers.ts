import type Stripe from 'stripe'
import { listReply, type Handler, type Handlers, type Renderers } from '../handler.js'
import { pageInOrder } from '../invoices/lists.js'
import { isWithin } from '../lists.js'
import { recordInPath } from '../lookup.js'
import { mergeMetadata } from '../metadata.js'
import type { PageParams, Transaction } from '../transaction.js'
import { createCreditNote, voidCreditNote, type CreditNote } from './create.js'

function noteIn(transaction: Transaction, id: string | undefined): CreditNote {
  return recordInPath(transaction, 'credit_notes', { id, kind: 'credit note' })
}

const create: Handler<Stripe.CreditNoteCreateParams> = (transaction, { params }) =>
  transaction.render('credit_notes', createCreditNote(transaction, params))

/** The real thing is done in a transaction of its own, which is then thrown away. */
const preview: Handler<Stripe.CreditNotePreviewParams> = (transaction, { params }) => {
  const rehearsal = transaction.fork()
  return rehearsal.render('credit_notes', createCreditNote(rehearsal, params))
}

const previewLines: Handler<Stripe.CreditNoteListPreviewLineItemsParams> = (transaction, { params }) => {
  const { starting_after: _after, ending_before: _before, limit: _limit, ...asked } = params
  const { lines } = createCreditNote(transaction.fork(), asked)
  return { object: 'list', ...pageInOrder(lines.data, params), url: '/v1/credit_notes/preview/lines' }
}

const retrieve: Handler = (transaction, { path }) => transaction.render('credit_notes', noteIn(transaction, path['id']))

const update: Handler<Stripe.CreditNoteUpdateParams> = (transaction, { path, params }) => {
  const before = noteIn(transaction, path['id'])
  transaction.enterClockOf(before.customer)
  const after = transaction.patch('credit_notes', before.id, {
    ...(params.memo !== undefined && { memo: params.memo || null }),
    metadata: mergeMetadata(before.metadata ?? {}, params.metadata),
  })
  if (JSON.stringify(before) !== JSON.stringify(after)) {
    transaction.emitChange('credit_note.updated', 'credit_notes', { before, after })
  }
  return transaction.render('credit_notes', after)
}

const voiding: Handler = (transaction, { path }) =>
  transaction.render('credit_notes', voidCreditNote(transaction, path['id'] ?? ''))

const list: Handler<Stripe.CreditNoteListParams> = (transaction, { params }) => {
  const { customer, invoice } = params
  const where = (note: CreditNote): boolean =>
    (customer === undefined || note.customer === customer) &&
    (invoice === undefined || note.invoice === invoice) &&
    isWithin(note.created, params.created)
  const page = transaction.page('credit_notes', params, { ...bucketOf(params), where, kind: 'credit note' })
  return listReply(transaction, 'credit_notes', { page, url: '/v1/credit_notes' })
}

function bucketOf({ customer, invoice }: Stripe.CreditNoteListParams): {
  index?: 'customer' | 'invoice'
  key?: string
} {
  if (invoice !== undefined) return { index: 'invoice', key: invoice }
  return customer === undefined ? {} : { index: 'customer', key: customer }
}

const listLines: Handler<PageParams> = (transaction, { path, params }) => {
  const { lines } = noteIn(transaction, path['id'])
  return { object: 'list', ...pageInOrder(lines.data, params), url: lines.url }
}

export const creditNotesHandlers: Handlers = {
  'credit_notes.create': create,
  'credit_notes.lines': listLines,
  'credit_notes.list': list,
  'credit_notes.preview': preview,
  'credit_notes.preview_lines': previewLines,
  'credit_notes.retrieve': retrieve,
  'credit_notes.update': update,
  'credit_notes.void': voiding,
}

const SHOWN = 10

export const creditNotesRenderers: Renderers = {
  credit_notes: (_transaction, note) => {
    const { data, url } = note.lines
    return { ...note, lines: { object: 'list', data: data.slice(0, SHOWN), has_more: data.length > SHOWN, url } }
  },
  credit_note_lines: (_transaction, { credit_note: _note, ...shown }) => shown,
}
