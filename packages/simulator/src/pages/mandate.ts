import { mandateView, type MandateView } from '../core/payments/mandate-pages.js'
import { fact } from './fact.js'
import { html, type Html } from './html.js'
import { footer, notFoundPage, page, strip } from './layout.js'
import type { PageRequest, PageResponse } from './request.js'
import type { PageWorld } from './run.js'
import { day, isoDay, methodName, money } from './words.js'

/** What the owner of an account agreed to: the page that a mandate names as its text. */
export function serveMandate(world: PageWorld, _request: PageRequest, id: string): PageResponse {
  const view = mandateView(world.view(), id)
  if (view === undefined) return notFoundPage()
  const title = `${methodName(view.type)} mandate`
  const body = html`${strip()}
    <main class="single narrow">
      <div class="tight">
        <h1>${title}</h1>
        <p class="muted">${promise(view)}</p>
      </div>
      ${facts(view)}
    </main>
    ${footer()}`
  return page({ title: `${title} – ${view.businessName}`, body })
}

function promise({ amount, businessName, isActive }: MandateView): string {
  if (!isActive) return `${businessName} can no longer collect payments with it.`
  return amount === null
    ? `It allows ${businessName} to collect payments from your account, until you take it back.`
    : `It allows ${businessName} to collect ${money(amount)} from your account, once.`
}

function facts({ acceptedAt, account, holder, isActive, reference }: MandateView): Html {
  return html`<dl class="box">
    ${fact('Reference', reference)} ${holder !== null && fact('Account holder', holder)}
    ${fact('Account', `ending in ${account}`)}
    ${fact('Agreed on', html`<time datetime="${isoDay(acceptedAt)}">${day(acceptedAt)}</time>`)}
    ${fact('Status', isActive ? 'Active' : 'Ended')}
  </dl>`
}
