/** What one place charges, as far as the simulator knows. */
export interface LocalRate {
  readonly country: string
  readonly state: string | null
  readonly percentage: number
  readonly displayName: string
  readonly taxType: 'gst' | 'hst' | 'jct' | 'sales_tax' | 'vat'
}

/**
 * The rates of automatic tax: one plain rate per place, made for tests. This is no tax engine, and no advice: there are no
 * reduced rates, no cities, no thresholds, and products are all alike. Every place here counts as registered.
 */
const VAT: Readonly<Record<string, number>> = {
  AT: 20,
  BE: 21,
  BG: 20,
  CH: 8.1,
  CY: 19,
  CZ: 21,
  DE: 19,
  DK: 25,
  EE: 24,
  ES: 21,
  FI: 25.5,
  FR: 20,
  GB: 20,
  GR: 24,
  HR: 25,
  HU: 27,
  IE: 23,
  IT: 22,
  LT: 21,
  LU: 17,
  LV: 21,
  MT: 18,
  NL: 21,
  NO: 25,
  PL: 23,
  PT: 23,
  RO: 21,
  SE: 25,
  SI: 22,
  SK: 23,
}

const SALES_TAX: Readonly<Record<string, number>> = {
  AZ: 5.6,
  CO: 2.9,
  CT: 6.35,
  IL: 6.25,
  MA: 6.25,
  NY: 8.875,
  OH: 5.75,
  PA: 6,
  TX: 8.25,
  WA: 10.1,
}

const HST: Readonly<Record<string, number>> = { NB: 15, NL: 15, NS: 14, ON: 13, PE: 15 }

const EU = new Set('AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '))

export function isInEu(country: string): boolean {
  return EU.has(country)
}

/** The rate of a place; `null` where none is collected. */
export function localRate(country: string, state: string | null): LocalRate | null {
  const place = { country, state: null }
  const vat = VAT[country]
  if (vat !== undefined) return { ...place, percentage: vat, displayName: 'VAT', taxType: 'vat' }
  switch (country) {
    case 'US':
      return salesTax(state)
    case 'CA':
      return canadian(state)
    case 'AU':
      return { ...place, percentage: 10, displayName: 'GST', taxType: 'gst' }
    case 'NZ':
      return { ...place, percentage: 15, displayName: 'GST', taxType: 'gst' }
    case 'SG':
      return { ...place, percentage: 9, displayName: 'GST', taxType: 'gst' }
    case 'JP':
      return { ...place, percentage: 10, displayName: 'JCT', taxType: 'jct' }
    default:
      return null
  }
}

function salesTax(state: string | null): LocalRate | null {
  const percentage = SALES_TAX[state ?? '']
  if (percentage === undefined) return null
  return { country: 'US', state, percentage, displayName: 'Sales Tax', taxType: 'sales_tax' }
}

function canadian(state: string | null): LocalRate {
  const percentage = HST[state ?? '']
  if (percentage === undefined) {
    return { country: 'CA', state: null, percentage: 5, displayName: 'GST', taxType: 'gst' }
  }
  return { country: 'CA', state, percentage, displayName: 'HST', taxType: 'hst' }
}
