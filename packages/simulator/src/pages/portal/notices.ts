import { html, type HtmlValue } from '../html.js'

const DONE = {
  canceled: 'Your subscription was canceled.',
  card: 'Your payment method was updated. It pays from now on.',
  changed: 'Your plan was changed.',
  dropped: 'Your plan stays as it is.',
  default: 'This card pays from now on.',
  details: 'Your billing details were updated.',
  kept: 'Your subscription goes on.',
  offer: 'Thank you for staying. Your discount is on your next invoice.',
  paid: 'Thank you. Your invoice is paid.',
  paused: 'Your subscription rests. Nothing will be charged while it does.',
  removed: 'The card was removed.',
  resumed: 'Your subscription goes on.',
  scheduled: 'Your plan will change at the end of its period.',
  taxId: 'Your tax ID was added.',
  taxIdRemoved: 'The tax ID was removed.',
} as const

export type Done = keyof typeof DONE

const REFUSED = 'Your bank did not agree. Nothing was charged. Try again or use another card.'

/** What was just done, or what the bank said when the customer came back from it. */
export function noticeOf(query: URLSearchParams): HtmlValue {
  const done = query.get('done')
  if (done === null || !isDone(done)) return null
  if (query.get('redirect_status') === 'failed') return html`<p class="notice red" role="alert">${REFUSED}</p>`
  return html`<p class="notice green" role="status">${DONE[done]}</p>`
}

export function doneText(done: Done): string {
  return DONE[done]
}

function isDone(text: string): text is Done {
  return Object.hasOwn(DONE, text)
}
