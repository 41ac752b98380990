/** How a type of payment method pays, beside cards. https://docs.stripe.com/payments/payment-methods/overview */
export interface MethodType {
  /**
   * `immediate` methods pay at once, `redirect` methods once the customer has agreed on a page of their own, with `debit`
   * methods the bank answers days later, and with a `voucher` the customer goes to a shop, which is not simulated.
   */
  readonly flow: 'immediate' | 'redirect' | 'debit' | 'voucher'
  /** Whether a customer can keep it for later payments. */
  readonly isReusable: boolean
  /** The only currencies it pays in; any when left out. */
  readonly currencies?: readonly string[]
}

const wallet: MethodType = { flow: 'redirect', isReusable: true }
const once: MethodType = { flow: 'redirect', isReusable: false }
const voucher: MethodType = { flow: 'voucher', isReusable: false }
const inEuro: MethodType = { ...once, currencies: ['eur'] }

const METHOD_TYPES: Readonly<Record<string, MethodType>> = {
  card: { flow: 'immediate', isReusable: true },
  link: { flow: 'immediate', isReusable: true },
  acss_debit: { flow: 'debit', isReusable: true, currencies: ['cad', 'usd'] },
  au_becs_debit: { flow: 'debit', isReusable: true, currencies: ['aud'] },
  bacs_debit: { flow: 'debit', isReusable: true, currencies: ['gbp'] },
  sepa_debit: { flow: 'debit', isReusable: true, currencies: ['eur'] },
  us_bank_account: { flow: 'debit', isReusable: true, currencies: ['usd'] },
  amazon_pay: wallet,
  cashapp: { ...wallet, currencies: ['usd'] },
  paypal: wallet,
  revolut_pay: wallet,
  affirm: { ...once, currencies: ['usd', 'cad'] },
  afterpay_clearpay: once,
  alipay: once,
  bancontact: inEuro,
  boleto: { ...voucher, currencies: ['brl'] },
  eps: inEuro,
  giropay: inEuro,
  grabpay: { ...once, currencies: ['sgd', 'myr'] },
  ideal: inEuro,
  klarna: once,
  oxxo: { ...voucher, currencies: ['mxn'] },
  p24: { ...once, currencies: ['eur', 'pln'] },
  sofort: inEuro,
}

export function methodTypeOf(type: string): MethodType | undefined {
  return METHOD_TYPES[type]
}

/** Whether the customer may have to leave the merchant's page to pay with it. */
export function mayRedirect(type: string): boolean {
  return METHOD_TYPES[type]?.flow === 'redirect'
}
