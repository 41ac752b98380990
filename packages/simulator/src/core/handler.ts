import type { Timer } from './private-records.js'
import type { Records, TableName } from './records.js'
import type { Signal } from './signals.js'
import type { IndexName } from './indexes.js'
import type { Page, PageParams, Transaction } from './transaction.js'

/**
 * Carries out one verb of one resource. Parameters arrive validated and typed as Stripe declares them; the answer is the
 * body of the reply, unexpanded. Refusals are thrown as `StripeError`.
 */
export type Handler<Params = Readonly<Record<string, unknown>>> = (
  transaction: Transaction,
  request: { readonly path: Readonly<Record<string, string>>; readonly params: Params },
) => unknown

/** Handlers by `resource.verb`. Each takes its own parameters; the route table vouches that they were validated. */
export type Handlers = Readonly<Record<string, Handler<never>>>

export type Reactions = {
  readonly [Type in Signal['type']]?: readonly ((
    transaction: Transaction,
    signal: Extract<Signal, { type: Type }>,
  ) => void)[]
}

export type TimerHandler = (transaction: Transaction, timer: Timer) => void

/** How a stored record stands on the wire where that differs from how it is stored. */
export type Renderers = {
  readonly [Name in TableName]?: (transaction: Transaction, record: Records[Name]) => unknown
}

/** A page of records as the body of a list reply. */
export function listReply<Name extends TableName>(
  transaction: Transaction,
  table: Name,
  options: { page: Page<Records[Name]>; url: string },
): unknown {
  const data = options.page.data.map((record) => transaction.render(table, record))
  return { object: 'list', data, has_more: options.page.has_more, url: options.url }
}

/**
 * The body of a reply to a list of plain filters: the records whose fields are as asked, with `undefined` for whatever. Of
 * an index, `key` is what to look up; without one, all are walked through.
 */
export function listWhere<Name extends TableName>(
  transaction: Transaction,
  table: Name,
  list: {
    readonly params: PageParams
    readonly kind: string
    readonly url: string
    readonly fields: { readonly [Field in keyof Records[Name]]?: unknown }
    readonly index?: IndexName<Name>
    readonly key?: string | undefined
    /** What a field alone does not tell. */
    readonly where?: (record: Records[Name]) => boolean
  },
): unknown {
  const { params, kind, url, fields, index, key } = list
  const asked = Object.entries(fields).filter(([, value]) => value !== undefined)
  const where = (record: Records[Name]): boolean =>
    asked.every(([name, value]) => record[name as keyof Records[Name]] === value) && (list.where?.(record) ?? true)
  const bucket = index === undefined || key === undefined ? {} : { index, key }
  return listReply(transaction, table, { page: transaction.page(table, params, { ...bucket, where, kind }), url })
}

/** A request inside another one, such as the invoice that comes of an accepted quote. It answers the id of what it made. */
export function commandOf(handlers: Handlers, name: string): (transaction: Transaction, params: object) => string {
  const handler = handlers[name]
  if (handler === undefined) throw new Error(`There is no command ${name}.`)
  return (transaction, params) => {
    // Guaranteed: the handler takes these parameters, which are a request's, and answers the object that it made.
    const made = handler(transaction, { path: {}, params: params as never }) as { readonly id: string }
    return made.id
  }
}
