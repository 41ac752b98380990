import type { Records } from '../records.js'

type Invoice = Records['invoices']

/** To whom an invoice is made out, as it was when it became final. */
export interface Addressee {
  readonly name: string | null
  readonly email: string | null
  readonly address: Invoice['customer_address']
  readonly taxIds: readonly string[]
}

export function addresseeOf(invoice: Invoice): Addressee {
  return {
    name: invoice.customer_name,
    email: invoice.customer_email,
    address: invoice.customer_address,
    taxIds: (invoice.customer_tax_ids ?? []).flatMap(({ value }) => (value === null ? [] : [value])),
  }
}
