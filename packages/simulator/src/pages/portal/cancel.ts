import { REASONS } from '../../core/portal/portal-features.js'
import type { Bill, SubscriptionView } from '../../core/portal/pages/index.js'
import { html, type Html, type HtmlValue } from '../html.js'
import type { PageResponse } from '../request.js'
import { day, money } from '../words.js'
import { afterFlow } from './cards.js'
import { dueBox } from './change.js'
import { alert, formToken, portalPage, type PortalContext } from './frame.js'
import { planName } from './overview.js'

const WORDS: Readonly<Record<(typeof REASONS)[number], string>> = {
  customer_service: 'The support was not good enough',
  low_quality: 'The quality was not good enough',
  missing_features: 'I miss features',
  other: 'Another reason',
  switched_service: 'I use something else now',
  too_complex: 'It is too hard to use',
  too_expensive: 'It is too expensive',
  unused: 'I do not use it enough',
}

export interface Cancellation {
  readonly subscription: SubscriptionView
  readonly endsAt: number
  /** What a cancellation at once bills or gives back. */
  readonly bill: Bill | null
  readonly error?: string
}

/** Names what is lost and when, and asks why. */
export function cancelPage(context: PortalContext, cancellation: Cancellation): PageResponse {
  const { base, view } = context
  const { subscription, bill, error } = cancellation
  const { cancellation_reason: reason } = view.features.subscription_cancel
  const name = planName(subscription)
  const body = html`${alert(error)} ${offerBox(context, subscription)}
    <p>${whatIsLost(context, cancellation)}</p>
    ${bill !== null && bill.lines.length > 0 && dueBox(bill, 'Settled today')} ${bill !== null && creditLine(bill)}
    <form class="fields" method="post" action="${base}/subscriptions/${subscription.id}/cancel">
      ${formToken(view)} ${reason.enabled && reasons(reason.options)}
      <div class="actions">
        <button class="danger" type="submit" data-busy="One moment …">Cancel subscription</button>
        <a class="button" href="${base}?home=1">Keep subscription</a>
      </div>
    </form>`
  return portalPage(context, {
    title: `Cancel ${name}?`,
    body,
    formTargets: afterFlow(context),
    ...(error !== undefined && { status: 422 }),
  })
}

function whatIsLost({ view }: PortalContext, { endsAt, subscription }: Cancellation): Html {
  const name = planName(subscription)
  if (view.features.subscription_cancel.mode === 'immediately') {
    return html`${name} ends <strong>at once</strong>, and with it everything it includes. You will not be charged again.`
  }
  return html`${name} ends on <strong>${day(endsAt)}</strong>. You keep it until then and can take the cancellation
    back. You will not be charged again.`
}

function creditLine({ credit }: Bill): HtmlValue {
  if (credit === null) return null
  return html`<p class="small muted">${money(credit)} are kept as credit on your account.</p>`
}

/** What is offered to whoever stays. */
function offerBox({ base, view }: PortalContext, { id, offer }: SubscriptionView): HtmlValue {
  if (offer === null) return null
  return html`<div class="notice blue">
    <p><strong>Stay and get ${offerWords(offer)}.</strong></p>
    <form method="post" action="${base}/subscriptions/${id}/offer">
      ${formToken(view)}<button class="primary" type="submit" data-busy="One moment …">Accept and keep subscription</button>
    </form>
  </div>`
}

function offerWords({ amountOff, duration, months, name, percentOff }: NonNullable<SubscriptionView['offer']>): string {
  const off = percentOff === null ? (amountOff === null ? name : `${money(amountOff)} off`) : `${percentOff}% off`
  if (duration === 'forever') return `${off} every invoice`
  if (duration === 'repeating') return `${off} for ${months === 1 ? 'a month' : `${months} months`}`
  return `${off} your next invoice`
}

function reasons(options: readonly string[]): HtmlValue {
  const known = REASONS.filter((reason) => options.includes(reason))
  return html`<fieldset class="block">
      <legend>Why are you canceling? (optional)</legend>
      <div class="stack">${known.map(reasonRow)}</div>
    </fieldset>
    <div class="field">
      <label for="comment">What could be better? (optional)</label
      ><textarea id="comment" name="comment" maxlength="500"></textarea>
    </div>`
}

function reasonRow(reason: (typeof REASONS)[number]): Html {
  return html`<label class="choice"
    ><input type="radio" name="feedback" value="${reason}" /><span>${WORDS[reason]}</span></label
  >`
}
