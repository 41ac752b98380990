import { canRedeem, checkPlanned } from '../catalogue/redemption.js'
import { livingDiscounts, type AskedDiscounts } from '../discounts/discounts.js'
import type { Records } from '../records.js'
import type { Transaction } from '../transaction.js'

type Schedule = Records['subscription_schedules']
type Phase = Schedule['phases'][number]
type Discounts = Phase['discounts']

/** Refuses what a later phase can never be given. */
export function checkPlannedDiscounts(transaction: Transaction, asked: AskedDiscounts, param: string): void {
  if (asked === undefined || asked === '' || asked === null) return
  for (const [index, discount] of asked.entries()) checkPlanned(transaction, discount, `${param}[discounts][${index}]`)
}

/**
 * A phase without the discounts that can no longer be given when it begins: nobody is there to be told that a coupon has
 * expired since. Stripe publishes no rule for it.
 */
export function withGoodDiscounts(transaction: Transaction, schedule: Schedule, phase: Phase): Phase {
  const isGood = ({ coupon, discount, promotion_code: code }: Discounts[number]): boolean => {
    if (discount !== null) return livingDiscounts(transaction, [discount]).length > 0
    const named = { ...(coupon !== null && { coupon }), ...(code !== null && { promotion_code: code }) }
    const isAfterwards = schedule.subscription !== null
    return canRedeem(transaction, named, { customer: schedule.customer, currency: phase.currency, isAfterwards })
  }
  return {
    ...phase,
    discounts: phase.discounts.filter(isGood),
    items: phase.items.map((item) => ({ ...item, discounts: item.discounts.filter(isGood) })),
  }
}
