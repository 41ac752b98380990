/** A grant as far as it matters for how it is spent. */
export interface Purse {
  readonly id: string
  readonly balance: number
  readonly currency: string
  readonly priority: number
  readonly category: string
  readonly effectiveAt: number
  readonly expiresAt: number | null
  readonly createdAt: number
  /** The prices it pays for; `null`: every metered price. */
  readonly prices: readonly string[] | null
}

/** An invoice line as far as it can be paid from credits. */
export interface Payable {
  readonly line: string
  readonly price: string
  readonly currency: string
  /** What is left of the line after discounts. */
  readonly amount: number
  readonly periodEnd: number
}

/** So much of a grant for a line. */
export interface Draw {
  readonly grant: string
  readonly line: string
  readonly amount: number
}

/**
 * What is taken from which grant for which line: line by line, each from the grants in their order until it is paid.
 * https://docs.stripe.com/billing/subscriptions/usage-based/billing-credits
 */
export function drawCredits(purses: readonly Purse[], payables: readonly Payable[]): readonly Draw[] {
  const left = new Map(purses.map((purse) => [purse.id, purse.balance]))
  const ordered = purses.toSorted(byUse)
  return payables.flatMap((payable) => {
    let open = payable.amount
    return ordered.flatMap((purse) => {
      const amount = pays(purse, payable) ? Math.min(open, left.get(purse.id) ?? 0) : 0
      if (amount <= 0) return []
      open -= amount
      left.set(purse.id, (left.get(purse.id) ?? 0) - amount)
      return [{ grant: purse.id, line: payable.line, amount }]
    })
  })
}

/** A grant pays for usage whose period ends while the grant is in force. */
function pays(purse: Purse, { price, currency, periodEnd }: Payable): boolean {
  return (
    purse.currency === currency &&
    periodEnd >= purse.effectiveAt &&
    (purse.expiresAt === null || periodEnd < purse.expiresAt) &&
    (purse.prices === null || purse.prices.includes(price))
  )
}

/** By priority; then what expires first, what was given for nothing, what began first and what was made first. */
function byUse(left: Purse, right: Purse): number {
  return (
    left.priority - right.priority ||
    compare(left.expiresAt ?? Infinity, right.expiresAt ?? Infinity) ||
    rank(left) - rank(right) ||
    left.effectiveAt - right.effectiveAt ||
    left.createdAt - right.createdAt
  )
}

function compare(left: number, right: number): number {
  return left === right ? 0 : left < right ? -1 : 1
}

function rank({ category }: Purse): number {
  return category === 'promotional' ? 0 : 1
}
