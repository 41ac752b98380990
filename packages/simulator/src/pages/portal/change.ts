import type { ChangePreview, Choice, SubscriptionView } from '../../core/portal/pages/index.js'
import { html, type Html, type HtmlValue } from '../html.js'
import type { PageResponse } from '../request.js'
import { adverb, cardInWords, day, money, per } from '../words.js'
import { afterFlow } from './cards.js'
import { alert, formToken, portalPage, type PortalContext } from './frame.js'

export function choosePage(
  context: PortalContext,
  subscription: SubscriptionView,
  choices: readonly Choice[],
): PageResponse {
  const action = `${context.base}/subscriptions/${subscription.id}/change/confirm`
  const body = html`<p class="muted">Nothing changes yet. The next page shows what is due today.</p>
    <form class="fields" method="get" action="${action}">
      <fieldset class="box">
        <legend class="hidden">Plans</legend>
        ${choices.map(choiceRow)}
      </fieldset>
      <button class="primary wide" type="submit">Continue</button>
    </form>`
  return portalPage(context, { title: 'Change plan', body })
}

function choiceRow(choice: Choice): Html {
  const { price, name, description, value, currency, interval, intervalCount, isCurrent } = choice
  return html`<label class="choice"
    ><input type="radio" name="price" value="${price}" required${isCurrent && html` disabled`} />
    <span
      ><strong>${name}</strong>
      ${isCurrent && html`<span class="pill grey">Current plan</span>`}${description !== null && html`<span class="muted small tight">${description}</span>`}</span
    >
    <span class="end"
      ><span class="number">${money({ value, currency })}</span>
      <span class="muted small">${per(interval, intervalCount)}</span></span
    ></label
  >`
}

/** What exactly is due today, from the preview, before anything is done. */
export function confirmPage(
  context: PortalContext,
  change: {
    readonly subscription: SubscriptionView
    readonly price: string
    readonly preview: ChangePreview
    readonly error?: string
  },
): PageResponse {
  const { base, view } = context
  const { subscription, price, preview, error } = change
  const due = preview.dueNow.value > 0
  const body = html`${alert(error)}
    <div class="box">
      <div class="row"><span class="muted">From</span><span>${planWords(preview.from)}</span></div>
      <div class="row"><span class="muted">To</span><strong>${planWords(preview.to)}</strong></div>
    </div>
    <section class="block" aria-labelledby="due-title">
      <h2 id="due-title">Due today</h2>
      <div class="box">
        <dl class="sums flat">
          ${preview.lines.map(
            ({ description, amount }) =>
              html`<div>
                <dt>${description}</dt>
                <dd class="number">${money(amount)}</dd>
              </div>`,
          )}
          <div class="total">
            <dt>Total due today</dt>
            <dd class="number">${money(preview.dueNow)}</dd>
          </div>
        </dl>
      </div>
      <p class="small muted">${whatFollows(preview)}</p>
      ${due && subscription.card !== null && html`<p class="small muted">Paid with ${cardInWords(subscription.card)}.</p>`}
    </section>
    <form method="post" action="${base}/subscriptions/${subscription.id}/change">
      ${formToken(view)}<input type="hidden" name="price" value="${price}" /><input
        type="hidden"
        name="at"
        value="${preview.at}"
      />
      <button class="primary wide" type="submit" data-busy="One moment …">
        ${due ? `Pay ${money(preview.dueNow)} and change plan` : 'Change plan'}
      </button>
    </form>`
  return portalPage(context, {
    title: 'Confirm your change',
    body,
    formTargets: afterFlow(context),
    ...(error !== undefined && { status: 402 }),
  })
}

function planWords({ name, quantity, amount, interval, intervalCount }: ChangePreview['from']): string {
  return `${quantity === 1 ? name : `${name} × ${quantity}`}, ${money(amount)} ${per(interval, intervalCount)}`
}

function whatFollows({ credit, nextCharge: next, to, endsTrial }: ChangePreview): HtmlValue {
  const parts = [
    'Your plan changes at once.',
    ...(endsTrial ? ['Your free trial ends today.'] : []),
    ...(credit === null ? [] : [`${money(credit)} are kept as credit for your next invoices.`]),
    ...(next === null
      ? []
      : [
          `You will be charged ${money(next.amount)} on ${day(next.at)}, then ${adverb(to.interval, to.intervalCount)}.`,
        ]),
  ]
  return parts.join(' ')
}
