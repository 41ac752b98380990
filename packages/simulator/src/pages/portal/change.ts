import type { Bill, ChangePreview, Choice, Options, SubscriptionView, Wish } from '../../core/portal/pages/index.js'
import { html, type Html, type HtmlValue } from '../html.js'
import type { PageResponse } from '../request.js'
import { adverb, cardInWords, day, money, per } from '../words.js'
import { afterFlow } from './cards.js'
import { alert, formToken, portalPage, type PortalContext } from './frame.js'

export function choosePage(
  context: PortalContext,
  subscription: SubscriptionView,
  { options, error }: { readonly options: Options; readonly error?: string },
): PageResponse {
  const { choices, quantity, takesCodes } = options
  const action = `${context.base}/subscriptions/${subscription.id}/change/confirm`
  const body = html`<p class="muted">Nothing changes yet. The next page shows what is due today.</p>
    ${alert(error)}
    <form class="fields" method="get" action="${action}">
      ${
        choices.length > 0 &&
        html`<fieldset class="box">
          <legend class="hidden">Plans</legend>
          ${choices.map((choice) => choiceRow(choice, quantity !== null || takesCodes))}
        </fieldset>`
      }
      ${quantity !== null && quantityField(quantity)} ${takesCodes && codeField()}
      <button class="primary wide" type="submit">Continue</button>
    </form>`
  const title = choices.length > 0 ? 'Change plan' : 'Update plan'
  return portalPage(context, { title, body, ...(error !== undefined && { status: 422 }) })
}

/** The present plan can be kept where something else can be changed. */
function choiceRow(choice: Choice, canStay: boolean): Html {
  const { price, name, description, value, currency, interval, intervalCount, isCurrent } = choice
  const state = isCurrent ? (canStay ? html` checked` : html` disabled`) : null
  return html`<label class="choice"
    ><input type="radio" name="price" value="${price}" required${state} />
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

function quantityField({ current, minimum, maximum }: NonNullable<Options['quantity']>): Html {
  return html`<div class="field">
    <label for="quantity">Quantity</label>
    <input
      class="short number"
      id="quantity"
      name="quantity"
      type="number"
      inputmode="numeric"
      min="${minimum}"
      max="${maximum}"
      value="${current}"
      required
    />
  </div>`
}

function codeField(): Html {
  return html`<div class="field">
    <label for="code">Promotion code <span class="muted">(optional)</span></label>
    <input id="code" name="code" autocomplete="off" maxlength="100" />
  </div>`
}

/** What exactly is due today, from the preview, before anything is done. */
export function confirmPage(
  context: PortalContext,
  change: {
    readonly subscription: SubscriptionView
    readonly wish: Wish
    readonly preview: ChangePreview
    readonly error?: string
  },
): PageResponse {
  const { base, view } = context
  const { subscription, wish, preview, error } = change
  const due = preview.dueNow.value > 0
  const body = html`${alert(error)}
    <div class="box">
      <div class="row"><span class="muted">From</span><span>${planWords(preview.from)}</span></div>
      <div class="row"><span class="muted">To</span><strong>${planWords(preview.to)}</strong></div>
      ${wish.code !== undefined && wish.code !== '' && html`<div class="row"><span class="muted">Code</span><span>${wish.code.toUpperCase()}</span></div>`}
    </div>
    ${preview.startsAt === null && dueBox(preview, 'Due today')}
    <div class="tight">
      <p class="small muted">${whatFollows(preview)}</p>
      ${due && subscription.card !== null && html`<p class="small muted">Paid with ${cardInWords(subscription.card)}.</p>`}
    </div>
    <form method="post" action="${base}/subscriptions/${subscription.id}/change">
      ${formToken(view)}${wishFields(wish)}<input type="hidden" name="at" value="${preview.at}" />
      <button class="primary wide" type="submit" data-busy="One moment …">${buttonWords(preview)}</button>
    </form>`
  return portalPage(context, {
    title: 'Confirm your change',
    body,
    formTargets: afterFlow(context),
    ...(error !== undefined && { status: 402 }),
  })
}

function wishFields(wish: Wish): HtmlValue {
  return Object.entries(wish).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${String(value)}" />`,
  )
}

function buttonWords({ dueNow: due, startsAt }: ChangePreview): string {
  if (startsAt !== null) return `Change plan on ${day(startsAt)}`
  return due.value > 0 ? `Pay ${money(due)} and change plan` : 'Change plan'
}

/** The lines of a bill and its total. */
export function dueBox({ discount, dueNow, lines, tax }: Bill, title: string): Html {
  const row = (name: string, value: string): Html => html`<div>
    <dt>${name}</dt>
    <dd class="number">${value}</dd>
  </div>`
  return html`<section class="block" aria-labelledby="due-title">
    <h2 id="due-title">${title}</h2>
    <div class="box">
      <dl class="sums flat">
        ${lines.map(({ description, amount }) => row(description, money(amount)))}
        ${discount !== null && row('Discount', money({ ...discount, value: -discount.value }))}
        ${tax !== null && row('Tax', money(tax))}
        <div class="total">
          <dt>Total due today</dt>
          <dd class="number">${money(dueNow)}</dd>
        </div>
      </dl>
    </div>
  </section>`
}

function planWords({ name, quantity, amount, interval, intervalCount }: ChangePreview['from']): string {
  return `${quantity === 1 ? name : `${name} × ${quantity}`}, ${money(amount)} ${per(interval, intervalCount)}`
}

function whatFollows({ credit, nextCharge: next, startsAt, to, endsTrial }: ChangePreview): string {
  const parts = [
    startsAt === null
      ? 'Your plan changes at once.'
      : `You keep what you have until ${day(startsAt)}, and nothing is due before then.`,
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
