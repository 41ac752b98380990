import { authenticationView, type AuthenticationView } from '../core/payments/authentication-pages.js'
import { html } from './html.js'
import { footer, messagePage, notFoundPage, page, staleFormPage, strip } from './layout.js'
import { isFrom, seeOther, type PageRequest, type PageResponse } from './request.js'
import { answerBank, type PageWorld } from './run.js'
import { cardInWords, methodName, money } from './words.js'

/** The page of the customer's bank. */
export function serveAuthentication(world: PageWorld, request: PageRequest, id: string): PageResponse {
  const view = authenticationView(world.view(), id)
  if (view === undefined) return notFoundPage()
  if (!view.isWaiting) return overPage(view)
  if (request.method !== 'POST') return bankPage(view)
  if (!isFrom(request, view.formToken)) return staleFormPage(request.path)
  const outcome = request.form.get('outcome') === 'succeeded' ? 'succeeded' : 'failed'
  const { returnUrl, status } = answerBank(world, id, outcome)
  if (returnUrl !== null) return seeOther(returnUrl)
  return messagePage(
    status === 'succeeded'
      ? { title: 'Confirmed', text: 'You can close this page and go back to where you came from.' }
      : { title: 'Not confirmed', text: 'Nothing was charged. You can close this page and try again.' },
  )
}

function overPage({ returnUrls: [back] }: AuthenticationView): PageResponse {
  return messagePage({
    title: 'There is nothing to confirm',
    text: 'This was confirmed or refused already.',
    ...(back !== undefined && { link: { href: back, label: 'Go back' } }),
  })
}

function bankPage(view: AuthenticationView): PageResponse {
  const isCard = view.type === 'card'
  const name = methodName(view.type)
  const body = html`${strip()}
    <main class="single narrow">
      <div class="tight">
        <p class="small muted">${isCard ? '3-D Secure' : name}</p>
        <h1>${isCard ? 'Your bank wants to know that it is you' : `Pay with ${name}`}</h1>
      </div>
      <div class="box">
        <p>${whatFor(view)}</p>
        <form class="block" method="post" action="/3ds/${view.id}">
          <input type="hidden" name="form_token" value="${view.formToken}" />
          <button class="primary wide" type="submit" name="outcome" value="succeeded" data-busy="One moment …">
            ${isCard ? 'Complete authentication' : 'Agree and pay'}
          </button>
          <button class="wide" type="submit" name="outcome" value="failed" data-busy="One moment …">
            ${isCard ? 'Fail authentication' : 'Refuse'}
          </button>
        </form>
      </div>
      <p class="small muted">
        ${isCard ? 'A real bank would show its own page here and ask for a code or for your phone.' : `${name} would show its own page here.`}
      </p>
    </main>
    ${footer()}`
  return page({ title: isCard ? 'Confirm with your bank' : `Pay with ${name}`, body, formTargets: view.returnUrls })
}

function whatFor({ amount, card, type }: AuthenticationView): string {
  const method = card === null ? (type === 'card' ? 'your card' : methodName(type)) : `your ${cardInWords(card)}`
  return amount === null ? `Keep ${method} for later payments` : `Pay ${money(amount)} with ${method}`
}
