import type { CheckoutPayer } from '../private-records.js'

/** A card as it is typed on a page. */
export interface TypedCard {
  readonly number: string
  readonly expMonth: number
  readonly expYear: number
  readonly cvc: string
}

/** How the customer pays where it is not with a card that they type. */
export type ChosenMethod =
  | { readonly kind: 'saved'; readonly id: string }
  | { readonly kind: 'sepa_debit'; readonly iban: string }
  | { readonly kind: 'bacs_debit'; readonly sortCode: string; readonly account: string }
  /** An American account, which the customer has shown to be theirs by signing in at their bank. */
  | { readonly kind: 'us_bank_account'; readonly account: string }
  /** A wallet or another way to pay that asks for everything on a page of its own. */
  | { readonly kind: 'elsewhere'; readonly type: string }

/** What the customer typed on the Checkout page. */
export interface CheckoutForm extends Record<string, unknown> {
  readonly email: string
  readonly name: string | null
  readonly country: string | null
  readonly card: TypedCard | null
  readonly method?: ChosenMethod
  readonly details?: Partial<Omit<CheckoutPayer, 'email' | 'name'>>
  readonly answers?: Readonly<Record<string, string>>
  readonly consent?: { readonly terms: boolean; readonly promotions: boolean }
  /** The card may be shown to the customer the next time. */
  readonly saves?: boolean
  /** The total that the page showed beside the button. */
  readonly expectedAmount?: number
}

/** Who pays, by what was typed. */
export function payerOf({ email, name, country, details }: CheckoutForm): CheckoutPayer {
  const bare = { city: null, country, line1: null, line2: null, postal_code: null, state: null }
  return {
    address: country === null ? null : bare,
    businessName: null,
    email,
    individualName: null,
    name,
    phone: null,
    shipping: null,
    taxId: null,
    ...details,
  }
}
