import { html, type Html } from './html.js'

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

const PARAGRAPH = 'margin:0 0 16px;font-size:16px;line-height:24px;color:#1f2933'

/** Tables and inline styles, because mail programs know little else. */
function renderHtml({ subject, productName, paragraphs, link, footer }: Message): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light" />
        <title>${subject}</title>
      </head>
      <body
        style="margin:0;padding:0;background:#f4f5f7;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
      >
        <table role="presentation" width="100%" cellpadding="0" cellspacing="0">
          <tr>
            <td align="center" style="padding:32px 16px">
              <table
                role="presentation"
                width="100%"
                cellpadding="0"
                cellspacing="0"
                style="max-width:560px;background:#ffffff;border:1px solid #e1e4e8;border-radius:8px"
              >
                <tr>
                  <td style="padding:32px 32px 0;font-size:14px;line-height:20px;font-weight:600;color:#52606d">
                    ${productName}
                  </td>
                </tr>
                <tr>
                  <td style="padding:16px 32px 8px">
                    <h1 style="margin:0 0 16px;font-size:22px;line-height:30px;font-weight:600;color:#1f2933">
                      ${subject}
                    </h1>
                    ${paragraphs.map((paragraph) => html`<p style="${PARAGRAPH}">${paragraph}</p> `)}
                  </td>
                </tr>
                <tr>
                  <td style="padding:0 32px 24px">
                    <a
                      href="${link.url}"
                      style="display:inline-block;padding:12px 20px;background:#1f4fd8;border-radius:6px;color:#ffffff;font-size:16px;font-weight:600;text-decoration:none"
                      >${link.label}</a
                    >
                  </td>
                </tr>
                <tr>
                  <td style="padding:0 32px 32px;font-size:13px;line-height:20px;color:#52606d">
                    ${footer}<br />If the button does not work, open ${link.url}
                  </td>
                </tr>
              </table>
            </td>
          </tr>
        </table>
      </body>
    </html>`
}
