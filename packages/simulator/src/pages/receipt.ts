import { receiptView, type ReceiptView } from '../core/payments/receipt-pages.js'
import { fact } from './fact.js'
import { html, type Html } from './html.js'
import { footer, notFoundPage, page, strip } from './layout.js'
import type { PageRequest, PageResponse } from './request.js'
import type { PageWorld } from './run.js'
import { cardInWords, day, isoDay, methodName, money } from './words.js'

/** What the customer paid, when and with what: the page that a charge names as its receipt. */
export function serveReceipt(world: PageWorld, _request: PageRequest, id: string): PageResponse {
  const view = receiptView(world.view(), id)
  if (view === undefined) return notFoundPage()
  const title = `Receipt from ${view.businessName}`
  const body = html`${strip()}
    <main class="single narrow">
      <div class="tight">
        <h1>${title}</h1>
        <p class="price number">${money(view.amount)}</p>
      </div>
      ${facts(view)}
    </main>
    ${footer()}`
  return page({ title, body })
}

function facts({ card, description, paidAt, refunded, type }: ReceiptView): Html {
  return html`<dl class="box">
    ${description !== null && fact('For', description)}
    ${fact('Date paid', html`<time datetime="${isoDay(paidAt)}">${day(paidAt)}</time>`)}
    ${fact('Paid with', card === null ? methodName(type) : cardInWords(card))}
    ${refunded.value > 0 && fact('Refunded', money(refunded))}
  </dl>`
}
