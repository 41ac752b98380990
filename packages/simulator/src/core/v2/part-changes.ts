import { arrayOf, differs, identity, itemsOf, type Attributes } from './attributes.js'

/** What a change of an invoice did to its discounts and lines. */
export function invoiceChanges(now: Attributes, before: Attributes): readonly string[] {
  return [
    ...('discounts' in before ? discountChanges(arrayOf(now['discounts']), arrayOf(before['discounts'])) : []),
    ...('lines' in before ? lineChanges(itemsOf(now['lines']), itemsOf(before['lines'])) : []),
  ]
}

function discountChanges(now: readonly unknown[], before: readonly unknown[]): readonly string[] {
  const lacks = (discounts: readonly unknown[], one: unknown): boolean =>
    !discounts.some((other) => identity(other) === identity(one))
  return [
    ...now.filter((one) => lacks(before, one)).map(() => 'invoice.discount_added'),
    ...before.filter((one) => lacks(now, one)).map(() => 'invoice.discount_removed'),
  ]
}

function lineChanges(now: readonly Attributes[], before: readonly Attributes[]): readonly string[] {
  const kept = now.flatMap((line) => {
    const old = before.find(({ id }) => id === line['id'])
    if (old === undefined) return ['invoice.line_item_added']
    return [
      ...(differs(line['pricing'], old['pricing']) ? ['invoice.line_item_pricing_changed'] : []),
      ...(differs(line['quantity'], old['quantity']) ? ['invoice.line_item_quantity_changed'] : []),
    ]
  })
  const removed = before.filter((old) => !now.some(({ id }) => id === old['id']))
  return [...kept, ...removed.map(() => 'invoice.line_item_removed')]
}

/** What of a phase has an event of its own. */
const told = ['default_tax_rates', 'end_date', 'trial_end']

/** What a change of a schedule did to its phases, which are told apart by their start. */
export function phaseChanges(now: Attributes, before: Attributes): readonly string[] {
  if (!('phases' in before)) return []
  const [has, had] = [arrayOf(now['phases']), arrayOf(before['phases'])]
  const sameIn = (phases: readonly Attributes[], phase: Attributes): Attributes | undefined =>
    phases.find((other) => other['start_date'] === phase['start_date'])
  const event = (change: string): string => `subscription_schedule.phase_${change}`
  const kept = has.flatMap((phase) => {
    const old = sameIn(had, phase)
    if (old === undefined) return [event('added')]
    return told.filter((field) => differs(phase[field], old[field])).map((field) => event(`${field}_changed`))
  })
  return [...kept, ...had.filter((old) => sameIn(has, old) === undefined).map(() => event('removed'))]
}
