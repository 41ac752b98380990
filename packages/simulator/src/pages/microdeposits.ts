import { depositView, type DepositView } from '../core/payments/deposit-pages.js'
import { field, typedIn, type FieldErrors, type Typed } from './fields.js'
import { html } from './html.js'
import { footer, messagePage, notFoundPage, page, staleFormPage, strip } from './layout.js'
import { isFrom, type PageRequest, type PageResponse } from './request.js'
import { refusalOf, type PageWorld } from './run.js'

/** Where the owner of an American account tells which small deposit came, so that the account is known to be theirs. */
export function serveMicrodeposits(world: PageWorld, request: PageRequest, id: string): PageResponse {
  const view = depositView(world.view(), id)
  if (view === undefined) return notFoundPage()
  if (!view.isWaiting) {
    return messagePage({ title: 'There is nothing to verify', text: 'This account was verified or given up already.' })
  }
  if (request.method !== 'POST') return depositPage(view, {}, {})
  if (!isFrom(request, view.formToken)) return staleFormPage(request.path)
  const typed = typedIn(request.form)
  const code = (typed.code ?? '').toUpperCase()
  if (!/^SM[A-Z0-9]{4}$/.test(code)) {
    return depositPage(view, typed, { code: 'Enter the six characters that begin with SM.' })
  }
  const resource = id.startsWith('seti_') ? 'setup_intents' : 'payment_intents'
  const refusal = refusalOf(world, { name: `${resource}.verify_microdeposits`, id, params: { descriptor_code: code } })
  if (refusal === undefined) {
    return messagePage({ title: 'Account verified', text: 'Thank you. You can close this page.' })
  }
  return depositPage(view, typed, { code: refusal.message })
}

function depositPage(view: DepositView, typed: Typed, errors: FieldErrors): PageResponse {
  const attributes = html`autocomplete="off" placeholder="SM11AA" maxlength="6"`
  const body = html`${strip()}
    <main class="single narrow">
      <h1>Verify your bank account</h1>
      <p class="muted">
        A deposit of $0.01 is on its way to the account ending in ${view.account}. Its description holds a code of six
        characters. In the simulator it is SM11AA.
      </p>
      <form class="fields" method="post" action="/microdeposits/${view.id}" novalidate>
        <input type="hidden" name="form_token" value="${view.formToken}" />
        ${field({ name: 'code', label: 'Code', attributes, typed, errors })}
        <button class="primary wide" type="submit" data-busy="One moment …">Verify account</button>
      </form>
    </main>
    ${footer()}`
  const status = Object.keys(errors).length > 0 ? 422 : 200
  return page({ title: 'Verify your bank account', body, status })
}
