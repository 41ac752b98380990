import { html, type Html } from './html.js'

/** Cards to try, and what they do, in the order in which people want to see them. */
const CARDS: readonly { readonly number: string; readonly does: string }[] = [
  { number: '4242424242424242', does: 'Works' },
  { number: '4000000000000341', does: 'Fails later' },
  { number: '4000000000000002', does: 'Declined' },
  { number: '4000000000009995', does: 'No funds' },
  { number: '4000000000000069', does: 'Expired' },
  { number: '4000000000000127', does: 'Wrong CVC' },
  { number: '4000002760003184', does: '3-D Secure' },
]

/** A month in which no card has run out yet, and a code that every card accepts. */
function filler(now: number): { expiry: string; cvc: string } {
  const year = new Date(now * 1000).getUTCFullYear() + 4
  return { expiry: `12 / ${String(year % 100).padStart(2, '0')}`, cvc: '123' }
}

/** Links that fill the form in place or, without a script, load the page again with the card in it. */
export function testCards(path: string, now: number): Html {
  const { expiry, cvc } = filler(now)
  const items = CARDS.map(({ number, does }) => {
    const href = `${path}?card=${number}`
    return html`<li>
      <a href="${href}" data-card="${number}" data-expiry="${expiry}" data-cvc="${cvc}"
        >${does} <code>${number.slice(-4)}</code></a
      >
    </li>`
  })
  return html`<ul aria-label="Test cards">
    ${items}
  </ul>`
}

/** What the page is to be filled with when it was asked for with a test card. */
export function typedFromQuery(
  query: URLSearchParams,
  now: number,
): { number?: string; expiry?: string; cvc?: string } {
  const known = CARDS.find((card) => card.number === query.get('card'))
  if (known === undefined) return {}
  return { number: known.number.replace(/(.{4})(?=.)/g, '$1 '), ...filler(now) }
}
