import { isWellFormed, normalizedTaxId } from '../core/customers/tax-id-types.js'

/** The tax ids that customers are asked for most; Stripe knows about a hundred kinds. */
export const TAX_ID_TYPES: readonly { readonly type: string; readonly label: string; readonly example: string }[] = [
  { type: 'eu_vat', label: 'EU VAT', example: 'DE123456789' },
  { type: 'gb_vat', label: 'UK VAT', example: 'GB123456789' },
  { type: 'us_ein', label: 'US EIN', example: '12-3456789' },
  { type: 'au_abn', label: 'Australian ABN', example: '12345678912' },
  { type: 'ca_bn', label: 'Canadian BN', example: '123456789' },
  { type: 'ca_gst_hst', label: 'Canadian GST/HST', example: '123456789RT0002' },
  { type: 'ch_vat', label: 'Swiss VAT', example: 'CHE-123.456.789 MWST' },
  { type: 'in_gst', label: 'Indian GSTIN', example: '12ABCDE3456FGZH' },
  { type: 'jp_cn', label: 'Japanese corporate number', example: '1234567891234' },
  { type: 'no_vat', label: 'Norwegian VAT', example: '123456789MVA' },
  { type: 'nz_gst', label: 'New Zealand GST', example: '123456789' },
  { type: 'sg_gst', label: 'Singaporean GST', example: 'M12345678X' },
]

export function exampleOf(type: string): string {
  return TAX_ID_TYPES.find((candidate) => candidate.type === type)?.example ?? ''
}

/** A tax id as it was typed, with or without blanks between its parts; `undefined` when it cannot be one of its kind. */
export function typedTaxId(type: string, text: string): string | undefined {
  const spellings = [normalizedTaxId(text), normalizedTaxId(text.replaceAll(/\s/g, ''))]
  return spellings.find((value) => isWellFormed(type, value))
}
