import type { InvoiceLineView, InvoiceView } from '../../core/invoices/invoice-pages.js'
import { addresseeLines } from '../address-line.js'
import { cardFields } from '../card-form.js'
import { formError, type FieldErrors, type Typed } from '../fields.js'
import { html, type Html, type HtmlValue } from '../html.js'
import { footer, page, strip } from '../layout.js'
import type { PageResponse } from '../request.js'
import { invoiceStatus } from '../status.js'
import { testCards } from '../test-cards.js'
import { cardInWords, day, isoDay, money } from '../words.js'

export interface InvoiceFormState {
  readonly typed: Typed
  readonly errors: FieldErrors
  /** A saved card's id, or nothing for a new one. */
  readonly savedCard: string
}

export function invoicePage(view: InvoiceView, state: InvoiceFormState, path: string): PageResponse {
  const isPayable = view.status === 'open' || view.status === 'uncollectible'
  const hasErrors = Object.keys(state.errors).length > 0
  const title = `Invoice ${view.number}`
  const body = html`${strip(isPayable && testCards(path, view.now))}
    <main class="single medium">
      <div class="row">
        <div class="tight">
          <div class="actions">
            <h1>${title}</h1>
            ${invoiceStatus(view.status)}
          </div>
          <p class="muted">From ${view.businessName}</p>
        </div>
        <p class="price number">
          ${money({ value: view.status === 'paid' ? view.amountPaid : view.remaining, currency: view.currency })}
        </p>
      </div>
      ${facts(view)} ${linesTable(view)} ${isPayable && paymentForm(view, state, path)}
      ${view.notes.map((note) => html`<p class="small muted">${note}</p>`)}
      <p class="no-print small muted">
        <a href="${path}/pdf">Download the invoice</a>${view.status === 'paid' && html` or <a href="${path}/receipt">the receipt</a>`}
        as a PDF, or print this page.
      </p>
    </main>
    ${footer()}`
  return page({
    title: `${hasErrors ? 'Error: ' : ''}${title} – ${view.businessName}`,
    body,
    status: hasErrors ? 422 : 200,
  })
}

function facts({ customer, issuedAt, dueAt, paidAt, status }: InvoiceView): Html {
  const dated = (name: string, at: number): Html =>
    html`<div class="row">
      <dt class="muted">${name}</dt>
      <dd><time datetime="${isoDay(at)}">${day(at)}</time></dd>
    </div>`
  return html`<dl class="box">
    <div class="row">
      <dt class="muted">To</dt>
      <dd class="end">${addresseeLines(customer).map((line) => html`<div>${line}</div>`)}</dd>
    </div>
    ${dated('Date', issuedAt)} ${dueAt !== null && status === 'open' && dated('Due', dueAt)}
    ${paidAt !== null && dated('Paid', paidAt)}
  </dl>`
}

function linesTable(view: InvoiceView): Html {
  const { currency, lines, total, balanceApplied, amountPaid, remaining } = view
  const amount = (value: number): string => money({ value, currency })
  return html`<div class="box">
    <div>
      <table>
        <caption class="hidden">
          What is billed
        </caption>
        <thead>
          <tr>
            <th scope="col">Description</th>
            <th scope="col" class="end">Amount</th>
          </tr>
        </thead>
        <tbody>
          ${lines.map((line) => lineRow(line, amount))}
        </tbody>
        <tfoot>
          ${view.steps.map(({ label, value }) => sumRow(label, amount(value)))}
          <tr>
            <th scope="row">Total</th>
            <td class="end number">${amount(total)}</td>
          </tr>
          ${
            balanceApplied !== 0 &&
            html`<tr>
              <th scope="row">${balanceApplied < 0 ? 'Your credit' : 'Balance'}</th>
              <td class="end number">${amount(balanceApplied)}</td>
            </tr>`
          }
          ${view.credited > 0 && sumRow('Credited', amount(-view.credited))}
          ${
            amountPaid > 0 &&
            html`<tr>
              <th scope="row">Paid</th>
              <td class="end number">${amount(-amountPaid)}</td>
            </tr>`
          }
          <tr class="strong">
            <th scope="row">${view.status === 'void' ? 'Void, nothing to pay' : 'To pay'}</th>
            <td class="end number">${amount(view.status === 'void' ? 0 : remaining)}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  </div>`
}

function sumRow(label: string, amount: string): Html {
  return html`<tr>
    <th scope="row">${label}</th>
    <td class="end number">${amount}</td>
  </tr>`
}

function lineRow({ description, period, value }: InvoiceLineView, amount: (value: number) => string): Html {
  const isSpan = period.end > period.start
  return html`<tr>
    <td>
      ${description}${isSpan && html`<br /><span class="muted">${day(period.start)} to ${day(period.end)}</span>`}
    </td>
    <td class="end number">${amount(value)}</td>
  </tr>`
}

function paymentForm(view: InvoiceView, state: InvoiceFormState, path: string): Html {
  const { cards, waitingIntent: intent } = view
  return html`<section class="block no-print" aria-labelledby="pay-title">
    <h2 id="pay-title">Pay this invoice</h2>
    ${
      intent !== null &&
      html`<div class="notice amber">
        <p>Your bank waits for you to confirm this payment. Nothing was charged yet.</p>
        <a href="/3ds/${intent}">Go on to your bank</a>
      </div>`
    }
    <form class="fields" method="post" action="${path}" novalidate>
      <input type="hidden" name="form_token" value="${view.formToken}" />
      ${cards.length > 0 && savedCards(view, state)}
      <div class="typed">${cardFields(state.typed, state.errors)}</div>
      ${formError(state.errors)}
      <button class="primary wide" type="submit" data-busy="One moment …">
        Pay ${money({ value: view.remaining, currency: view.currency })}
      </button>
    </form>
  </section>`
}

function savedCards({ cards }: InvoiceView, { savedCard }: InvoiceFormState): HtmlValue {
  return html`<fieldset class="box">
    <legend class="hidden">Card</legend>
    ${cards.map((card) => html`<label class="choice"><input type="radio" name="saved_card" value="${card.id}" ${card.id === savedCard && html` checked`} /><span>${cardInWords(card)} ${card.isDefault && html`<span class="pill grey">Default</span>`}</span></label>`)}
    <label class="choice"
      ><input type="radio" name="saved_card" value="" ${savedCard === '' && html` checked`} /><span
        >Another card, typed below</span
      ></label
    >
  </fieldset>`
}
