/** Markup that is safe to send: made by `safeHtml`, which escapes whatever is put into it. */
export class Html {
  readonly markup: string

  constructor(strings: TemplateStringsArray, parts: readonly HtmlPart[]) {
    this.markup = strings.reduce((text, string, index) => text + string + render(parts[index] ?? ''), '')
  }
}

export type HtmlPart = string | Html | readonly Html[]

/** Markup with values in it; each is escaped unless it was made by this function itself. */
export function safeHtml(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return new Html(strings, parts)
}

function render(part: HtmlPart): string {
  if (typeof part === 'string') return escapeHtml(part)
  return part instanceof Html ? part.markup : part.map((entry) => entry.markup).join('')
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
