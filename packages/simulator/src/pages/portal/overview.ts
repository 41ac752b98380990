import type { InvoiceRow, SubscriptionView } from '../../core/portal/pages/index.js'
import { html, type Html, type HtmlValue } from '../html.js'
import type { PageResponse } from '../request.js'
import { invoiceStatus, subscriptionStatus } from '../status.js'
import { adverb, cardInWords, day, isoDay, money, per } from '../words.js'
import { cardsSection } from './cards.js'
import { detailsSection } from './details-section.js'
import { alert, formToken, portalPage, type PortalContext } from './frame.js'
import { noticeOf } from './notices.js'

/** Plan and next charge first, then cards, billing details and invoices. */
export function overviewPage(context: PortalContext, query: URLSearchParams, error?: string): PageResponse {
  const { view } = context
  const body = html`${noticeOf(query)}${alert(error)}
    <section class="block" aria-labelledby="plan-title">
      <h2 id="plan-title">${view.subscriptions.length > 1 ? 'Current plans' : 'Current plan'}</h2>
      ${view.subscriptions.map((subscription) => planBox(context, subscription))}
      ${view.subscriptions.length === 0 && html`<div class="box"><p class="muted">You have no plan. Choose one at ${view.businessName}, and it will be shown here.</p></div>`}
    </section>
    ${cardsSection(context)} ${detailsSection(context)}
    ${view.features.invoice_history.enabled && invoicesSection(context)}`
  return portalPage(context, { title: 'Billing', body, isAct: false, ...(error !== undefined && { status: 422 }) })
}

function planBox(context: PortalContext, subscription: SubscriptionView): Html {
  const { status, items, endsAt } = subscription
  const name = planName(subscription)
  const [item] = items
  const value = items.reduce((sum, { amount }) => sum + amount.value, 0)
  return html`<div class="box">
    ${
      item !== undefined &&
      html`<div class="row">
        <div class="actions">
          <h3>${name}</h3>
          ${subscriptionStatus(status, endsAt !== null)}
        </div>
        <p class="number">
          ${money({ value, currency: item.amount.currency })}
          <span class="muted">${per(item.interval, item.intervalCount)}</span>
        </p>
      </div>`
    }
    ${failure(context, subscription)}
    <div class="block">
      <div class="tight">${whatComes(subscription)}${changeLine(subscription)}${cardLine(subscription)}</div>
      ${planActions(context, subscription)}
    </div>
  </div>`
}

export function planName({ items }: Pick<SubscriptionView, 'items'>): string {
  return items.map(({ name, quantity }) => (quantity === 1 ? name : `${name} × ${quantity}`)).join(', ')
}

function whatComes({ endsAt, nextCharge: next, trialEnd, items: [item], status, resumesAt }: SubscriptionView): Html {
  if (endsAt !== null) {
    return html`<p>
      Your ${trialEnd === null ? 'plan' : 'free trial'} ends on
      <time datetime="${isoDay(endsAt)}">${day(endsAt)}</time>. You keep it until then and will not be charged again.
    </p>`
  }
  if (status === 'paused') {
    return html`<p>Your plan rests, and nothing is charged.${resumesAt !== null && html` It goes on by itself on <time datetime="${isoDay(resumesAt)}">${day(resumesAt)}</time>.`}</p>`
  }
  if (status === 'incomplete') return html`<p>Your plan starts when its first payment is made.</p>`
  if (next === null || item === undefined) return html`<p>Nothing will be charged.</p>`
  const lead = trialEnd === null ? '' : `Your free trial ends on ${day(trialEnd)}. `
  return html`<p>
    ${lead}You will be charged <strong class="number">${money(next.amount)}</strong> on
    <time datetime="${isoDay(next.at)}">${day(next.at)}</time>, then ${adverb(item.interval, item.intervalCount)}.
  </p>`
}

/** What the plan becomes with its next period. */
function changeLine({ change }: SubscriptionView): HtmlValue {
  if (change === null) return null
  return html`<p>
    It changes to <strong>${planName(change)}</strong> on <time datetime="${isoDay(change.at)}">${day(change.at)}</time>.
  </p>`
}

function cardLine({ card, endsAt }: SubscriptionView): HtmlValue {
  if (endsAt !== null) return null
  if (card === null) return html`<p class="muted small">There is no card to charge. Add one below.</p>`
  return html`<p class="muted small">Paid with ${cardInWords(card)}</p>`
}

function failure(context: PortalContext, { openInvoice: invoice, status }: SubscriptionView): HtmlValue {
  const { base, view } = context
  if (invoice === null) return null
  const failed = status === 'incomplete' ? 'The first payment was not made.' : 'Your last payment failed.'
  const canUpdate = view.features.payment_method_update.enabled
  return html`<div>
    <div class="notice red">
      <p>${failed} <strong class="number">${money(invoice.remaining)}</strong> is due now.</p>
      <div class="actions">
        <form method="post" action="${base}/invoices/pay">
          ${formToken(view)}<input type="hidden" name="invoice" value="${invoice.id}" /><button
            class="primary"
            type="submit"
            data-busy="One moment …"
          >
            Pay invoice
          </button>
        </form>
        ${canUpdate && html`<a class="button" href="${base}/cards/new">Update payment method</a>`}
      </div>
    </div>
  </div>`
}

function planActions({ base, view }: PortalContext, subscription: SubscriptionView): HtmlValue {
  const { id, endsAt, canChange, canCancel, canPause, canResume, change } = subscription
  const which = view.subscriptions.length > 1 ? html`<span class="hidden"> ${planName(subscription)}</span>` : null
  if (endsAt !== null && canCancel) {
    return html`<form method="post" action="${base}/subscriptions/${id}/keep">
      ${formToken(view)}<button class="primary" type="submit" data-busy="One moment …">
        Keep subscription${which}
      </button>
    </form>`
  }
  if (!canChange && !canCancel && !canPause && !canResume && change === null) return null
  const post = (act: string, label: string): Html =>
    html`<form method="post" action="${base}/subscriptions/${id}/${act}">
      ${formToken(view)}<button type="submit" data-busy="One moment …">${label}${which}</button>
    </form>`
  return html`<div class="actions">
    ${canResume && post('resume', 'Resume subscription')} ${change !== null && post('drop-change', 'Keep current plan')}
    ${canChange && html`<a class="button" href="${base}/subscriptions/${id}/change">Change plan${which}</a>`}
    ${canPause && html`<a class="button" href="${base}/subscriptions/${id}/pause">Pause subscription${which}</a>`}
    ${canCancel && html`<a class="button" href="${base}/subscriptions/${id}/cancel">Cancel subscription${which}</a>`}
  </div>`
}

function invoicesSection({ base, view }: PortalContext): Html {
  const { invoices, hasMoreInvoices } = view
  const last = invoices.at(-1)
  const rows = invoices.map(
    (invoice) =>
      html`<tr>
        <td><time datetime="${isoDay(invoice.created)}">${day(invoice.created)}</time></td>
        <td>${invoiceStatus(invoice.status)}</td>
        <td class="end number">${money(invoice.total)}</td>
        <td class="end">${invoiceLink(invoice)}</td>
      </tr>`,
  )
  return html`<section class="block" aria-labelledby="invoices-title">
    <h2 id="invoices-title">Invoices</h2>
    ${rows.length === 0 && html`<div class="box"><p class="muted">There are no invoices yet. The first one comes with your first payment.</p></div>`}
    ${
      rows.length > 0 &&
      html`<div class="box">
        <div>
          <table>
            <caption class="hidden">
              Invoices, newest first
            </caption>
            <thead>
              <tr>
                <th scope="col">Date</th>
                <th scope="col">Status</th>
                <th scope="col" class="end">Amount</th>
                <th scope="col"><span class="hidden">Open</span></th>
              </tr>
            </thead>
            <tbody>
              ${rows}
            </tbody>
          </table>
        </div>
      </div>`
    }
    ${hasMoreInvoices && last !== undefined && html`<div><a class="button" href="${base}?home=1&invoices_after=${last.id}#invoices-title">Older invoices</a></div>`}
  </section>`
}

function invoiceLink({ url, number }: InvoiceRow): HtmlValue {
  return url === null
    ? null
    : html`<a href="${new URL(url).pathname}">View<span class="hidden"> invoice ${number}</span></a>`
}
