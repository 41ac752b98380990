import { invalidRequest } from '../error.js'
import type { LineItem } from './line-item.js'

type Asked = { readonly enabled: boolean; readonly maximum?: number; readonly minimum?: number } | undefined

const LARGEST = 999_999
const DEFAULT_MAXIMUM = 99

/** Whether and how far the customer may change how many there are; 0 to 99 where nothing is said. */
export function adjustableQuantityOf(
  asked: Asked,
  quantity: number | null,
  at: string,
): LineItem['adjustable_quantity'] {
  if (asked?.enabled !== true) return null
  const { maximum = DEFAULT_MAXIMUM, minimum = 0 } = asked
  const param = `${at}[adjustable_quantity]`
  if (maximum > LARGEST) throw invalidRequest(`The maximum must be at most ${LARGEST}.`, { param: `${param}[maximum]` })
  if (minimum > maximum)
    throw invalidRequest('The minimum must not exceed the maximum.', { param: `${param}[minimum]` })
  if (quantity !== null && (quantity < minimum || quantity > maximum)) {
    const message = 'The quantity must be between the minimum and the maximum of `adjustable_quantity`.'
    throw invalidRequest(message, { param: `${at}[quantity]` })
  }
  return { enabled: true, maximum, minimum }
}

/** The items in these quantities, each within its bounds; what is left at none is taken out, but never everything. */
export function inQuantities(
  items: readonly LineItem[],
  quantities: Readonly<Record<string, number>>,
): readonly LineItem[] {
  const changed = items.map((item) => {
    const { adjustable_quantity: bounds, quantity } = item
    const wanted = quantities[item.id]
    if (bounds === null || wanted === undefined || wanted === quantity || !Number.isSafeInteger(wanted)) return item
    const { maximum, minimum } = bounds
    const within = Math.min(Math.max(wanted, minimum ?? 0), maximum ?? DEFAULT_MAXIMUM)
    return { ...item, quantity: within }
  })
  const left = changed.filter((item) => item.quantity !== 0)
  return left.length > 0 ? left : items
}
