import type { PauseChoice, SubscriptionView } from '../../core/portal/pages/index.js'
import { html } from '../html.js'
import type { PageResponse } from '../request.js'
import { day } from '../words.js'
import { afterFlow } from './cards.js'
import { alert, formToken, portalPage, type PortalContext } from './frame.js'
import { planName } from './overview.js'

/** Says what rests and until when. */
export function pausePage(
  context: PortalContext,
  pause: { readonly subscription: SubscriptionView; readonly choices: readonly PauseChoice[]; readonly error?: string },
): PageResponse {
  const { base, view } = context
  const { subscription, choices, error } = pause
  const name = planName(subscription)
  const body = html`${alert(error)}
    <p>
      ${name} rests <strong>from now on</strong>, and with it everything it includes. You will not be charged while it
      does. What you paid for and do not use is credited to you. You can take it up again whenever you like.
    </p>
    <form class="fields" method="post" action="${base}/subscriptions/${subscription.id}/pause">
      ${formToken(view)} ${choices.length > 1 ? lengths(choices) : html`<input type="hidden" name="choice" value="0" />`}
      ${choices.length === 1 && choices[0]?.until != null && html`<p>It goes on by itself on ${day(choices[0].until)}.</p>`}
      <div class="actions">
        <button class="danger" type="submit" data-busy="One moment …">Pause subscription</button>
        <a class="button" href="${base}?home=1">Go on with it</a>
      </div>
    </form>`
  return portalPage(context, {
    title: `Pause ${name}?`,
    body,
    formTargets: afterFlow(context),
    ...(error !== undefined && { status: 422 }),
  })
}

function lengths(choices: readonly PauseChoice[]): ReturnType<typeof html> {
  return html`<fieldset class="box">
    <legend class="hidden">For how long?</legend>
    ${choices.map(
      ({ until }, index) =>
        html`<label class="choice"
          ><input type="radio" name="choice" value="${index}" ${index === 0 && html` checked`} /><span
            >${until === null ? 'Until I take it up again' : `Until ${day(until)}`}</span
          ></label
        >`,
    )}
  </fieldset>`
}
