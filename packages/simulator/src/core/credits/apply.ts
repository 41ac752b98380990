import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'
import { drawCredits, type Draw, type Payable, type Purse } from './draw.js'
import { availableBalance, book, isOver, ledgerBalance, type Grant } from './grants.js'

type Line = Records['invoice_line_items']
type Invoice = Records['invoices']
type PretaxCredits = NonNullable<Line['pretax_credit_amounts']>

/** Lines with the credits that pay for them, and these credits together as the invoice shows them. */
export interface Credited {
  readonly lines: readonly Line[]
  readonly totalPretaxCreditAmounts: NonNullable<Invoice['total_pretax_credit_amounts']>
  /** What the credits take off the invoice before tax. */
  readonly amount: number
}

type Owner = Pick<Invoice, 'customer' | 'id'>

/**
 * What the customer's credits would pay of an invoice's lines, after their discounts and before tax. Nothing is spent: a
 * draft or a preview only shows it.
 */
export function applyCredits(transaction: Transaction, invoice: Owner, lines: readonly Line[]): Credited {
  const draws = drawsFor(transaction, invoice, lines)
  return credited(
    lines,
    draws.map((draw) => ({ ...draw, entry: null })),
  )
}

/** The same when the invoice becomes final: the credits are taken from their grants, and the lines name the bookings. */
export function spendCredits(transaction: Transaction, invoice: Owner, lines: readonly Line[]): Credited {
  const booked = drawsFor(transaction, invoice, lines).map((draw) => {
    const grant = transaction.load('credit_grants', draw.grant)
    const movement = { type: 'credits_applied', invoice: invoice.id, line: draw.line } as const
    return { ...draw, entry: book(transaction, grant, { amount: draw.amount, movement }).id }
  })
  return credited(lines, booked)
}

/** The same amounts without the bookings of a rehearsal, which were never made. */
export function unbooked(amounts: PretaxCredits | null): PretaxCredits {
  return (amounts ?? []).map((entry) =>
    entry.type === 'credit_balance_transaction' ? { ...entry, credit_balance_transaction: null } : entry,
  )
}

/** A void invoice gives back what it took; what has expired meanwhile expires again at once. */
export function restoreCredits(transaction: Transaction, invoice: string): void {
  for (const entry of transaction.by('credit_balance_transactions', 'invoice', invoice)) {
    const { invoice_line_item: line = '' } = entry.debit?.credits_applied ?? {}
    const amount = entry.debit?.amount.monetary?.value ?? 0
    const grant = transaction.load('credit_grants', entry.credit_grant)
    book(transaction, grant, { amount, movement: { type: 'credits_application_invoice_voided', invoice, line } })
    if (isOver(grant, transaction.now)) expireRest(transaction, grant)
  }
}

/** Takes what is left of a grant whose time is over. */
export function expireRest(transaction: Transaction, grant: Grant): void {
  const amount = ledgerBalance(transaction, grant)
  if (amount > 0) book(transaction, grant, { amount, movement: { type: 'credits_expired' } })
}

function drawsFor(transaction: Transaction, invoice: Owner, lines: readonly Line[]): readonly Draw[] {
  const { customer } = invoice
  const grants = customer === null ? [] : transaction.by('credit_grants', 'customer', customer)
  if (grants.length === 0) return []
  const purses = grants.map((grant) => purseOf(transaction, grant)).filter(({ balance }) => balance > 0)
  return drawCredits(
    purses,
    lines.flatMap((line) => payableOf(transaction, line)),
  )
}

function purseOf(transaction: Transaction, grant: Grant): Purse {
  const { scope } = grant.applicability_config
  return {
    id: grant.id,
    balance: availableBalance(transaction, grant),
    currency: grant.amount.monetary?.currency ?? '',
    priority: grant.priority ?? DEFAULT_PRIORITY,
    category: grant.category,
    effectiveAt: grant.effective_at ?? grant.created,
    expiresAt: grant.expires_at,
    createdAt: grant.created,
    prices: scope.prices === undefined ? null : scope.prices.flatMap(({ id }) => id ?? []),
  }
}

export const DEFAULT_PRIORITY = 50

/** Credits pay for metered usage only. */
function payableOf(transaction: Transaction, line: Line): readonly Payable[] {
  const id = line.pricing?.price_details?.price
  const price = typeof id === 'string' ? transaction.get('prices', id) : undefined
  const discounts = (line.discount_amounts ?? []).reduce((sum, { amount }) => sum + amount, 0)
  const amount = line.amount - discounts
  if (price?.recurring?.usage_type !== 'metered' || amount <= 0) return []
  return [{ line: line.id, price: price.id, currency: line.currency, amount, periodEnd: line.period.end }]
}

function credited(lines: readonly Line[], draws: readonly (Draw & { readonly entry: string | null })[]): Credited {
  const marked = lines.map((line) => {
    const before = line.pretax_credit_amounts ?? []
    const others = before.filter(({ type }) => type !== 'credit_balance_transaction')
    const own = draws.filter((draw) => draw.line === line.id)
    if (own.length === 0 && others.length === before.length) return line
    const credits = own.map(({ amount, entry }): PretaxCredits[number] => ({
      amount,
      credit_balance_transaction: entry,
      type: 'credit_balance_transaction',
    }))
    return { ...line, pretax_credit_amounts: [...others, ...credits] }
  })
  const all = marked.flatMap((line) => line.pretax_credit_amounts ?? [])
  return {
    lines: marked,
    totalPretaxCreditAmounts: summed(all),
    amount: draws.reduce((sum, { amount }) => sum + amount, 0),
  }
}

/** The invoice names each discount and each booking once. */
function summed(amounts: PretaxCredits): Credited['totalPretaxCreditAmounts'] {
  const totals = new Map<string, PretaxCredits[number]>()
  for (const entry of amounts) {
    const key = `${entry.type} ${entry.discount ?? entry.credit_balance_transaction ?? ''}`
    const before = totals.get(key)
    totals.set(key, before === undefined ? entry : { ...before, amount: before.amount + entry.amount })
  }
  return [...totals.values()]
}
