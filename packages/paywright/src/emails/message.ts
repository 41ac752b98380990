import { safeHtml, type Html } from './html.js'

/** What every mail is made of; the rendering as HTML and as text say the same. */
export interface Message {
  readonly subject: string
  readonly productName: string
  readonly paragraphs: readonly string[]
  readonly link: { readonly label: string; readonly url: string }
  readonly footer: string
}

export interface RenderedMail {
  readonly subject: string
  readonly html: string
  readonly text: string
}

/** The mail in both forms. */
export function renderMessage(message: Message): RenderedMail {
  // A line break in a subject would begin a header of the mail.
  const subject = message.subject.replace(/\s+/g, ' ').trim()
  return { subject, html: `${renderHtml(message).markup}\n`, text: renderText(message) }
}

function renderText({ paragraphs, link, footer, productName }: Message): string {
  return `${[...paragraphs, `${link.label}: ${link.url}`, `-- \n${productName}\n${footer}`].join('\n\n')}\n`
}

const FONT = 'font-family:-apple-system,Roboto,Helvetica,Arial,sans-serif'
const CARD = 'max-width:560px;background:#ffffff;border:1px solid #e1e4e8;border-radius:8px'
const HEADING = 'margin:0 0 16px;font-size:22px;line-height:30px;font-weight:600;color:#1f2933'
const PARAGRAPH = 'margin:0 0 16px;font-size:16px;line-height:24px;color:#1f2933'
const BUTTON =
  'display:inline-block;padding:12px 20px;background:#1f4fd8;border-radius:6px;color:#ffffff;font-size:16px;' +
  'font-weight:600;text-decoration:none'
const SMALL = 'font-size:13px;line-height:20px;color:#52606d'

/** Tables and inline styles, because mail programs know little else. */
function renderHtml({ subject, productName, paragraphs, link, footer }: Message): Html {
  return safeHtml`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${subject}</title>
</head>
<body style="margin:0;padding:0;background:#f4f5f7;${FONT}">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:32px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="${CARD}">
<tr><td style="padding:32px 32px 0;${SMALL};font-weight:600">${productName}</td></tr>
<tr><td style="padding:16px 32px 8px">
<h1 style="${HEADING}">${subject}</h1>
${paragraphs.map((paragraph) => safeHtml`<p style="${PARAGRAPH}">${paragraph}</p>\n`)}</td></tr>
<tr><td style="padding:0 32px 24px"><a href="${link.url}" style="${BUTTON}">${link.label}</a></td></tr>
<tr><td style="padding:0 32px 32px;${SMALL}">${footer}<br>If the button does not work, open ${link.url}</td></tr>
</table>
</td></tr></table>
</body>
</html>`
}
