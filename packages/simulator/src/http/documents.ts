import type { QuoteView } from '../core/quotes/quote-view.js'
import { quotePdf } from '../pages/quote-pdf.js'

/** An answer that is no JSON. */
export interface Document {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

/** The document that a command's answer stands for; `undefined` for what is answered as it is. */
export function documentOf(command: string, body: unknown): Document | undefined {
  // Guaranteed: the command answers the quote as it is put on paper.
  return command === 'quotes.pdf' ? quotePdf(body as QuoteView) : undefined
}
