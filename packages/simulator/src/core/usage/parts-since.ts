import { decimalInWords, decimalOf, subtract } from '../arithmetic/decimal.js'
import type { PricePart } from '../catalogue/pricing.js'

/**
 * What the parts of a bill add to those that were billed before, tier by tier. A volume price can take back what an
 * earlier tier cost. Where nothing was billed before, all parts stay, also those of nothing used.
 */
export function partsSince(all: readonly PricePart[], billed: readonly PricePart[]): readonly PricePart[] {
  if (billed.length === 0) return all
  const added = all.map((part) =>
    minus(
      part,
      billed.find((other) => isSame(part, other)),
    ),
  )
  const takenBack = billed
    .filter((part) => !all.some((other) => isSame(part, other)))
    .map((part) => minus({ ...part, amount: 0, quantity: '0' }, part))
  const changes = [...takenBack, ...added].filter(({ amount, quantity }) => amount !== 0 || quantity !== '0')
  return changes.length === 0 ? added.slice(0, 1) : changes
}

function isSame(left: PricePart, right: PricePart): boolean {
  return left.tier === right.tier && left.isFlat === right.isFlat && left.unitAmount === right.unitAmount
}

function minus(part: PricePart, before: PricePart | undefined): PricePart {
  if (before === undefined) return part
  const quantity = decimalInWords(subtract(decimalOf(part.quantity), decimalOf(before.quantity)))
  return { ...part, amount: part.amount - before.amount, quantity }
}
