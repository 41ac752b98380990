/** The forms of the VAT numbers of the European Union, by country. https://docs.stripe.com/billing/customer/tax-ids */
const EU_VAT: Readonly<Record<string, RegExp>> = {
  AT: /^ATU\d{8}$/,
  BE: /^BE[01]\d{9}$/,
  BG: /^BG\d{9,10}$/,
  CY: /^CY\d{8}[A-Z]$/,
  CZ: /^CZ\d{8,10}$/,
  DE: /^DE\d{9}$/,
  DK: /^DK\d{8}$/,
  EE: /^EE\d{9}$/,
  EL: /^EL\d{9}$/,
  ES: /^ES[A-Z0-9]\d{7}[A-Z0-9]$/,
  FI: /^FI\d{8}$/,
  FR: /^FR[A-Z0-9]{2}\d{9}$/,
  HR: /^HR\d{11}$/,
  HU: /^HU\d{8}$/,
  IE: /^IE\d[A-Z0-9]\d{5}[A-Z]{1,2}$/,
  IT: /^IT\d{11}$/,
  LT: /^LT(\d{9}|\d{12})$/,
  LU: /^LU\d{8}$/,
  LV: /^LV\d{11}$/,
  MT: /^MT\d{8}$/,
  NL: /^NL\d{9}B\d{2}$/,
  PL: /^PL\d{10}$/,
  PT: /^PT\d{9}$/,
  RO: /^RO\d{2,10}$/,
  SE: /^SE\d{12}$/,
  SI: /^SI\d{8}$/,
  SK: /^SK\d{10}$/,
  XI: /^XI(\d{9}|\d{12}|GD\d{3}|HA\d{3})$/,
}

/** The other types whose form is checked here; of the rest only that there is something. */
const FORMS: Readonly<Record<string, RegExp>> = {
  au_abn: /^\d{11}$/,
  br_cnpj: /^\d{2}\.?\d{3}\.?\d{3}\/?\d{4}-?\d{2}$/,
  br_cpf: /^\d{3}\.?\d{3}\.?\d{3}-?\d{2}$/,
  ca_bn: /^\d{9}$/,
  ca_gst_hst: /^\d{9}RT\d{4}$/,
  ch_vat: /^CHE-?\d{3}\.?\d{3}\.?\d{3} ?(MWST|TVA|IVA)$/,
  eu_oss_vat: /^(EU|IM)\d{9}$/,
  gb_vat: /^GB(\d{9}|\d{12}|GD\d{3}|HA\d{3})$/,
  in_gst: /^\d{2}[A-Z0-9]{10}[A-Z0-9]{3}$/,
  jp_cn: /^\d{13}$/,
  mx_rfc: /^[A-Z&Ñ]{3,4}\d{6}[A-Z0-9]{3}$/,
  no_vat: /^\d{9}MVA$/,
  nz_gst: /^\d{8,9}$/,
  sg_gst: /^[A-Z0-9]{9,10}$/,
  us_ein: /^\d{2}-?\d{7}$/,
  za_vat: /^4\d{9}$/,
}

/** The types that are looked up in a register. https://docs.stripe.com/billing/customer/tax-ids#validation */
const VERIFIED = new Set(['au_abn', 'eu_vat', 'gb_vat'])

/** Values that stand for an outcome in test mode, for the types that are looked up. */
const MAGIC: Readonly<Record<string, 'verified' | 'unverified' | 'pending'>> = {
  '000000000': 'verified',
  '111111111': 'unverified',
  '222222222': 'pending',
}

/** How it is kept: without the spaces that people write, in capitals. */
export function normalizedTaxId(value: string): string {
  return value.trim().toUpperCase()
}

export function isWellFormed(type: string, value: string): boolean {
  if (value === '') return false
  if (VERIFIED.has(type) && value in MAGIC) return true
  if (type === 'eu_vat') return EU_VAT[value.slice(0, 2)]?.test(value) ?? false
  return FORMS[type]?.test(value) ?? true
}

/** Where it is from, which mostly its type says. */
export function countryOf(type: string, value: string): string | null {
  if (type === 'unknown' || type === 'eu_oss_vat') return null
  if (type !== 'eu_vat') return type.slice(0, 2).toUpperCase()
  const prefix = value.slice(0, 2)
  if (EU_VAT[prefix] === undefined) return null
  return prefix === 'EL' ? 'GR' : prefix === 'XI' ? 'GB' : prefix
}

/** What the register will say; `undefined` for types that no register is asked about. */
export function outcomeOf(type: string, value: string): 'verified' | 'unverified' | 'pending' | undefined {
  if (!VERIFIED.has(type)) return undefined
  return MAGIC[value] ?? 'verified'
}
