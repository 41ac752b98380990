import { createHash } from 'node:crypto'
import { html, trusted, type Html, type HtmlValue } from './html.js'
import type { PageResponse } from './request.js'
import { SCRIPT } from './script.js'
import { STYLES } from './styles.js'

export interface Page {
  readonly title: string
  readonly body: HtmlValue
  readonly status?: number
  /** Addresses outside of the simulator to which a form of this page may lead. */
  readonly formTargets?: readonly string[]
  /** What this page needs beside the styles of all. */
  readonly styles?: string
}

const sha = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
const styleHash = sha(STYLES)
const scriptHash = sha(SCRIPT)

// The hashes are those of all that stands between the tags, and no formatter may add a blank there.
const STYLE_ELEMENT = trusted(`<style>${STYLES}</style>`)
const SCRIPT_ELEMENT = trusted(`<script>${SCRIPT}</script>`)

/** A whole page. Nothing but its own style and script is loaded or run, and its forms go nowhere else. */
export function page({ title, body, status = 200, formTargets = [], styles }: Page): PageResponse {
  const targets = [...new Set(formTargets.filter((url) => URL.canParse(url)).map((url) => new URL(url).origin))]
  const policy = [
    "default-src 'none'",
    ['style-src', styleHash, ...(styles === undefined ? [] : [sha(styles)])].join(' '),
    `script-src ${scriptHash}`,
    'img-src data:',
    ["form-action 'self'", ...targets].join(' '),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ]
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': policy.join('; '),
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  }
  return { status, headers, body: documentOf(title, body, styles).markup }
}

function documentOf(title: string, body: HtmlValue, styles?: string): Html {
  return html`${trusted('<!doctype html>')}
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        ${STYLE_ELEMENT}${styles !== undefined && trusted(`<style>${styles}</style>`)}
      </head>
      <body>
        ${body}
        ${SCRIPT_ELEMENT}
      </body>
    </html> `
}

/** Says on every page where money seems to move that none does. */
export function strip(more: HtmlValue = null): Html {
  return html`<aside class="strip" aria-label="Simulation">
    <div>
      <p><strong>Simulation.</strong> No real card is charged.</p>
      ${more}
    </div>
  </aside>`
}

export function footer(links: HtmlValue = null): Html {
  return html`<footer>
    <div><span>Served by the Paywright simulator. Not a real payment page.</span>${links}</div>
  </footer>`
}

/** A page that only says something, and where to go next. */
export function messagePage(message: {
  readonly title: string
  readonly text: HtmlValue
  readonly status?: number
  readonly link?: { readonly href: string; readonly label: string }
}): PageResponse {
  const { title, text, status = 200, link } = message
  const body = html`${strip()}
    <main class="single narrow">
      <h1>${title}</h1>
      <p class="muted">${text}</p>
      ${link && html`<p><a class="button" href="${link.href}">${link.label}</a></p>`}
    </main>
    ${footer()}`
  return page({ title, body, status })
}

/** What the simulator's own address has nothing under, in words for the person who came there. */
export function notFoundPage(): PageResponse {
  return messagePage({
    title: 'This page does not exist',
    text: 'The address may be incomplete, or what it led to is no longer there.',
    status: 404,
  })
}

export function staleFormPage(back: string): PageResponse {
  return messagePage({
    title: 'This form is out of date',
    text: 'Nothing was changed and nothing was charged. Open the page again and repeat what you wanted to do.',
    status: 403,
    link: { href: back, label: 'Open the page again' },
  })
}
