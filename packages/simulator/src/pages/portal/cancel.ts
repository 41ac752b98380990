import { REASONS } from '../../core/portal/portal-features.js'
import type { SubscriptionView } from '../../core/portal/pages/index.js'
import { html, type Html, type HtmlValue } from '../html.js'
import type { PageResponse } from '../request.js'
import { day } from '../words.js'
import { afterFlow } from './cards.js'
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

/** Names what is lost and when, and asks why. */
export function cancelPage(
  context: PortalContext,
  cancellation: { readonly subscription: SubscriptionView; readonly endsAt: number; readonly error?: string },
): PageResponse {
  const { base, view } = context
  const { subscription, endsAt, error } = cancellation
  const { cancellation_reason: reason, mode } = view.features.subscription_cancel
  const name = planName(subscription)
  const body = html`${alert(error)}
    <p>
      ${mode === 'immediately' ? html`${name} ends <strong>at once</strong>, and with it everything it includes.` : html`${name} ends on <strong>${day(endsAt)}</strong>. You keep it until then and can take the cancellation back.`}
      You will not be charged again.
    </p>
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
