import type { CheckoutView } from '../../core/checkout-sessions/view.js'
import { cardFields } from '../card-form.js'
import { field, select, type FieldErrors, type Typed } from '../fields.js'
import { html, type Html, type HtmlValue } from '../html.js'
import { cardInWords, methodName } from '../words.js'

/** Those that are paid with on a page of their own have no fields here. */
const WITH_FIELDS = new Set(['bacs_debit', 'card', 'sepa_debit', 'us_bank_account'])

/** Accounts of a pretended bank, by what becomes of a debit from them. */
const AMERICAN_ACCOUNTS = [
  { value: '000123456789', label: 'Checking ••6789, pays' },
  { value: '000222222227', label: 'Checking ••2227, has too little money' },
  { value: '000111111113', label: 'Checking ••1113, is closed' },
  { value: '000333333335', label: 'Checking ••3335, says the debit was not authorized' },
]

interface State {
  readonly typed: Typed
  readonly errors: FieldErrors
  readonly method: string
}

/** How to pay: a choice where there is one, and the fields of what is chosen. */
export function methodFields(view: CheckoutView, state: State): Html {
  const choices = [...view.savedCards.map(({ id }) => `saved:${id}`), ...view.methods]
  const parts = view.methods
    .filter((method) => WITH_FIELDS.has(method))
    .map((method) => html`<div class="typed for-${method}">${fieldsOf(view, method, state)}</div>`)
  return html`${choices.length > 1 ? methodChoice(view, choices, state) : html`<input type="hidden" name="method" value="${choices[0] ?? 'card'}" />`}${parts}`
}

function methodChoice(view: CheckoutView, choices: readonly string[], { method }: State): Html {
  return html`<fieldset class="box">
    <legend class="hidden">How to pay</legend>
    ${choices.map(
      (choice) =>
        html`<label class="choice"
          ><input type="radio" name="method" value="${choice}" ${choice === method && html` checked`} /><span
            >${nameOf(view, choice)}</span
          ></label
        >`,
    )}
  </fieldset>`
}

function nameOf({ savedCards }: CheckoutView, choice: string): string {
  const saved = savedCards.find(({ id }) => choice === `saved:${id}`)
  if (saved !== undefined) return cardInWords(saved)
  return choice === 'card' && savedCards.length > 0 ? 'Another card' : methodName(choice)
}

function fieldsOf(view: CheckoutView, method: string, { typed, errors }: State): HtmlValue {
  const common = { typed, errors }
  switch (method) {
    case 'sepa_debit':
      return html`${field({ ...common, name: 'iban', label: 'IBAN', attributes: html`autocomplete="off" placeholder="DE00 0000 0000 0000 0000 00" maxlength="42"` })}
      ${holderField(common)} ${mandateText(view, 'your bank')}`
    case 'bacs_debit':
      return html`<div class="pair">
          ${field({ ...common, name: 'sort_code', label: 'Sort code', attributes: html`inputmode="numeric" autocomplete="off" placeholder="10-88-00" maxlength="8"` })}
          ${field({ ...common, name: 'account', label: 'Account number', attributes: html`inputmode="numeric" autocomplete="off" placeholder="00012345" maxlength="8"` })}
        </div>
        ${holderField(common)} ${mandateText(view, 'your bank')}`
    case 'us_bank_account':
      return html`${select({
        ...common,
        name: 'account',
        label: 'Account at the test bank',
        options: AMERICAN_ACCOUNTS,
        chosen: typed.account ?? AMERICAN_ACCOUNTS[0]?.value ?? '',
      })}
      ${mandateText(view, 'your bank')}`
    default:
      return cardFields(typed, errors, { withoutCountry: view.wants.address === 'full' })
  }
}

function holderField(common: { readonly typed: Typed; readonly errors: FieldErrors }): Html {
  return field({
    ...common,
    name: 'holder',
    label: 'Name of the account’s owner',
    attributes: html`autocomplete="name" maxlength="100"`,
  })
}

function mandateText({ businessName, mode }: CheckoutView, bank: string): Html {
  const more = mode === 'payment' ? '' : ' and later payments'
  return html`<p class="small muted">
    By going on you allow ${businessName} to debit your account for this payment${more}. It takes some days until ${bank}
    has answered.
  </p>`
}

/** The way to pay that the form starts with. */
export function firstMethod({ methods, savedCards }: CheckoutView): string {
  const [saved] = savedCards
  return saved === undefined ? (methods[0] ?? 'card') : `saved:${saved.id}`
}
