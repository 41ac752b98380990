import type { PortalView } from '../../core/portal/pages/index.js'
import { html, type HtmlValue } from '../html.js'
import { footer, page, strip } from '../layout.js'
import type { PageRequest, PageResponse } from '../request.js'
import type { PageWorld } from '../run.js'

/** What every page of the portal needs to know. */
export interface PortalContext {
  /** The portal's own address, without a trailing slash. */
  readonly base: string
  readonly view: PortalView
  readonly now: number
}

/** One request to an open portal. */
export interface PortalCall {
  readonly world: PageWorld
  readonly request: PageRequest
  readonly context: PortalContext
  /** The last part of the session's address, by which commands know it. */
  readonly token: string
}

export interface PortalPage {
  readonly title: string
  readonly body: HtmlValue
  readonly status?: number
  readonly strip?: HtmlValue
  /** Pages for one act are narrow and lead back to the overview. */
  readonly isAct?: boolean
  readonly formTargets?: readonly string[]
}

export function portalPage({ base, view }: PortalContext, content: PortalPage): PageResponse {
  const { title, isAct = true, status = 200 } = content
  const body = html`${strip(content.strip)}
    <main class="single ${isAct ? 'narrow' : 'medium'}">
      <div>
        ${backLink(base, view, isAct)}
        <h1>${title}</h1>
        ${!isAct && view.headline !== null && html`<p class="muted">${view.headline}</p>`}
      </div>
      ${content.body}
    </main>
    ${footer(html`<span class="actions">${view.termsUrl !== null && html`<a href="${view.termsUrl}">Terms</a>`}${view.privacyUrl !== null && html`<a href="${view.privacyUrl}">Privacy</a>`}</span>`)}`
  return page({ title: `${title} – ${view.businessName}`, body, status, formTargets: content.formTargets ?? [] })
}

function backLink(base: string, view: PortalView, isAct: boolean): HtmlValue {
  if (isAct) return html`<a class="back" href="${base}?home=1">← Billing</a>`
  if (view.returnUrl === null) return null
  return html`<a class="back" href="${view.returnUrl}">← Back to ${view.businessName}</a>`
}

export function formToken(view: PortalView): HtmlValue {
  return html`<input type="hidden" name="form_token" value="${view.formToken}" />`
}

/** A refusal at the top of a page, when it belongs to no field. */
export function alert(text: string | undefined): HtmlValue {
  return text === undefined ? null : html`<p class="notice red" role="alert">${text}</p>`
}
