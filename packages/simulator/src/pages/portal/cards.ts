import type { CardView } from '../../core/page-views.js'
import type { SubscriptionView } from '../../core/portal/pages/index.js'
import { cardFields } from '../card-form.js'
import { formError, type FieldErrors, type Typed } from '../fields.js'
import { html, type Html, type HtmlValue } from '../html.js'
import type { PageResponse } from '../request.js'
import { testCards } from '../test-cards.js'
import { cardInWords, money } from '../words.js'
import { formToken, portalPage, type PortalContext } from './frame.js'

export function cardsSection(context: PortalContext): Html {
  const { base, view } = context
  const canUpdate = view.features.payment_method_update.enabled
  return html`<section class="block" aria-labelledby="cards-title">
    <h2 id="cards-title">Payment methods</h2>
    <div class="box">
      ${view.cards.map((card) => cardRow(context, card))}
      ${view.cards.length === 0 && html`<p class="muted">There is no card yet.${canUpdate && ' Add one, and it pays for your plan.'}</p>`}
      ${canUpdate && html`<div><a class="button" href="${base}/cards/new">${view.cards.length === 0 ? 'Add payment method' : 'Update payment method'}</a></div>`}
    </div>
  </section>`
}

function cardRow({ base, view }: PortalContext, card: CardView): Html {
  const words = cardInWords(card)
  const pays = paysFor(view.subscriptions, card)
  const canUpdate = view.features.payment_method_update.enabled
  return html`<div class="row">
    <div class="tight">
      <span>${words} ${card.isDefault && html`<span class="pill grey">Default</span>`}</span>
      <span class="muted small">Expires ${expiry(card)}${pays && !card.isDefault && ', pays for your plan'}</span>
    </div>
    ${
      canUpdate &&
      html`<div class="actions">
        ${
          !card.isDefault &&
          html`<form method="post" action="${base}/cards/default">
            ${formToken(view)}<input type="hidden" name="card" value="${card.id}" /><button class="plain" type="submit">
              Make default<span class="hidden">: ${words}</span>
            </button>
          </form>`
        }
        ${!pays && html`<a class="small" href="${base}/cards/remove?card=${card.id}">Remove<span class="hidden">: ${words}</span></a>`}
      </div>`
    }
  </div>`
}

function expiry({ expMonth, expYear }: CardView): string {
  return `${String(expMonth).padStart(2, '0')} / ${expYear}`
}

/** A card that is the default, or that a subscription names, cannot be removed while there is a subscription. */
function paysFor(subscriptions: readonly SubscriptionView[], { id, isDefault }: CardView): boolean {
  return subscriptions.some((subscription) => subscription.card?.id === id) || (isDefault && subscriptions.length > 0)
}

export function newCardPage(context: PortalContext, typed: Typed, errors: FieldErrors): PageResponse {
  const { base, view, now } = context
  const path = `${base}/cards/new`
  const body = html`<p class="muted">
      The new card pays for everything from now on. Nothing is charged when you add it.
    </p>
    ${openInvoices(view.subscriptions)}
    <form class="fields" method="post" action="${path}" novalidate>
      ${formToken(view)} ${cardFields(typed, errors)} ${formError(errors)}
      <button class="primary wide" type="submit" data-busy="One moment …">
        ${view.cards.length === 0 ? 'Add payment method' : 'Update payment method'}
      </button>
    </form>`
  const hasErrors = Object.keys(errors).length > 0
  const title = view.cards.length === 0 ? 'Add payment method' : 'Update payment method'
  return portalPage(context, {
    title,
    body,
    strip: testCards(path, now),
    status: hasErrors ? 422 : 200,
    formTargets: afterFlow(context),
  })
}

function openInvoices(subscriptions: readonly SubscriptionView[]): HtmlValue {
  const [invoice] = subscriptions.flatMap(({ openInvoice }) => (openInvoice === null ? [] : [openInvoice]))
  if (invoice === undefined) return null
  return html`<p class="notice amber">
    <span>${money(invoice.remaining)} is due. Once the card is updated you can pay it on the page that follows.</span>
  </p>`
}

export function removeCardPage(context: PortalContext, card: CardView): PageResponse {
  const { base, view } = context
  const body = html`<p>
      ${cardInWords(card)} (expires ${expiry(card)}) will be removed at once. To use it again you would have to add it
      again.
    </p>
    <div class="actions">
      <form method="post" action="${base}/cards/remove">
        ${formToken(view)}<input type="hidden" name="card" value="${card.id}" /><button
          class="danger"
          type="submit"
          data-busy="One moment …"
        >
          Remove card
        </button>
      </form>
      <a class="button" href="${base}?home=1">Keep card</a>
    </div>`
  return portalPage(context, { title: 'Remove this card?', body })
}

/** Where a session that was opened for one act leads when it is done. */
export function afterFlow({ view }: PortalContext): string[] {
  const url = view.flow?.after_completion.redirect?.return_url
  return url === undefined ? [] : [url]
}
