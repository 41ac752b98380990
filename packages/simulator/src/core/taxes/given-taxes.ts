import { createTaxRate } from '../catalogue/tax-rates.js'
import type { Transaction } from '../transaction.js'

/** Taxes that the caller worked out, each with the rate it describes. */
export type AskedTaxAmounts = '' | null | readonly AskedTaxAmount[] | undefined

interface AskedTaxAmount {
  readonly amount: number
  readonly taxable_amount: number
  readonly taxability_reason?: string
  readonly tax_rate_data: {
    readonly country?: string
    readonly description?: string
    readonly display_name: string
    readonly inclusive: boolean
    readonly jurisdiction?: string
    readonly percentage: number
    readonly state?: string
    readonly tax_type?: string
  }
}

/** Keeps taxes beside a line as they are given; the rates they describe are made for them alone, unannounced. */
export function setTaxAmounts(transaction: Transaction, line: string, asked: AskedTaxAmounts): void {
  if (asked === undefined || asked === null || asked === '' || asked.length === 0) {
    if (transaction.get('line_terms', line) !== undefined) transaction.remove('line_terms', line)
    return
  }
  const taxAmounts = asked.map((tax) => ({
    amount: tax.amount,
    taxable: tax.taxable_amount,
    taxRate: rateFor(transaction, tax),
    reason: tax.taxability_reason ?? 'not_available',
  }))
  transaction.put('line_terms', { id: line, taxRates: null, taxAmounts })
}

function rateFor(transaction: Transaction, { tax_rate_data: data }: AskedTaxAmount): string {
  const unannounced = transaction.fork()
  const { country, description, jurisdiction, state, tax_type: type } = data
  const rate = createTaxRate(unannounced, {
    active: false,
    display_name: data.display_name,
    inclusive: data.inclusive,
    percentage: data.percentage,
    ...(country !== undefined && { country }),
    ...(description !== undefined && { description }),
    ...(jurisdiction !== undefined && { jurisdiction }),
    ...(state !== undefined && { state }),
    ...(type !== undefined && { tax_type: type }),
  })
  return transaction.put('tax_rates', { ...rate, id: transaction.newId('txr') }).id
}
