import { loginConfiguration, type LoggedIn } from '../../core/portal/pages/index.js'
import { settingsOf } from '../../core/account-settings.js'
import { field, typedIn, type FieldErrors, type Typed } from '../fields.js'
import { html } from '../html.js'
import { footer, messagePage, notFoundPage, page, strip } from '../layout.js'
import type { PageRequest, PageResponse } from '../request.js'
import { run, type PageWorld } from '../run.js'
import { isEmail } from '../checkout/read.js'

/** Where customers ask for a link to their billing. A real account would mail it; here it is on the next page. */
export function serveLogin(world: PageWorld, request: PageRequest, id: string): PageResponse {
  const transaction = world.view()
  if (loginConfiguration(transaction, id) === undefined) return notFoundPage()
  const { businessName } = settingsOf(transaction)
  if (request.method !== 'POST') return loginPage(businessName, {}, {})
  const typed = typedIn(request.form)
  const { email = '' } = typed
  if (!isEmail(email))
    return loginPage(businessName, typed, { email: 'Enter an e-mail address such as ada@example.com.' })
  const { url = null } = run<LoggedIn>(world, { name: 'portal_pages.log_in', id, params: { email } }) ?? {}
  return messagePage({
    title: 'Check your e-mail',
    text: `If there is billing for ${email}, we have sent a link to it.${url === null ? '' : ' No mail leaves the simulator, so the link is here.'}`,
    ...(url !== null && { link: { href: new URL(url).pathname, label: 'Open billing' } }),
  })
}

function loginPage(businessName: string, typed: Typed, errors: FieldErrors): PageResponse {
  const title = `Billing at ${businessName}`
  const attributes = html`type="email" autocomplete="email" maxlength="200" placeholder="you@example.com"`
  const body = html`${strip()}
    <main class="single narrow">
      <h1>${title}</h1>
      <p class="muted">Enter the e-mail address of your subscription, and a link to it will be sent there.</p>
      <form class="fields" method="post" novalidate>
        ${field({ name: 'email', label: 'E-mail', attributes, typed, errors })}
        <button class="primary wide" type="submit" data-busy="One moment …">Send link</button>
      </form>
    </main>
    ${footer()}`
  return page({ title, body, status: Object.keys(errors).length > 0 ? 422 : 200 })
}
