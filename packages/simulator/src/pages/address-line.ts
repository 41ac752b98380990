import type { Addressee } from '../core/invoices/addressee.js'
import { countryName } from './words.js'

/** An address in one line, without the parts that nobody gave. */
export function addressLine(address: Addressee['address']): string | null {
  if (address === null) return null
  const { city, country, line1, line2, postal_code: postalCode, state } = address
  const place = [postalCode, city].filter(Boolean).join(' ')
  const parts = [line1, line2, place, state, country === null ? null : countryName(country)]
  return parts.filter(Boolean).join(', ') || null
}

/** To whom a document is made out, line by line. */
export function addresseeLines({ address, email, name, taxIds }: Addressee): readonly string[] {
  const ids = taxIds.length === 0 ? null : `Tax ID ${taxIds.join(', ')}`
  return [name, addressLine(address), email, ids].filter((text) => text !== null)
}
