import { html, type Html } from './html.js'

type Shown = readonly [colour: 'green' | 'amber' | 'red' | 'blue' | 'grey', word: string]

const SUBSCRIPTION: Readonly<Record<string, Shown>> = {
  active: ['green', 'Active'],
  incomplete: ['amber', 'Waiting for payment'],
  past_due: ['red', 'Payment failed'],
  paused: ['grey', 'Paused'],
  trialing: ['blue', 'Free trial'],
  unpaid: ['red', 'Unpaid'],
}

const INVOICE: Readonly<Record<string, Shown>> = {
  open: ['amber', 'Open'],
  paid: ['green', 'Paid'],
  uncollectible: ['red', 'Not collected'],
  void: ['grey', 'Void'],
}

/** A status in words that a customer understands; the colour only repeats them. */
function pill([colour, word]: Shown): Html {
  return html`<span class="pill ${colour}">${word}</span>`
}

export function subscriptionStatus(status: string, isEnding: boolean): Html {
  if (isEnding && (status === 'active' || status === 'trialing')) return pill(['grey', 'Ends soon'])
  return pill(SUBSCRIPTION[status] ?? ['grey', 'Not active'])
}

export function invoiceStatus(status: string | null): Html {
  return pill(INVOICE[status ?? ''] ?? ['grey', 'Draft'])
}
