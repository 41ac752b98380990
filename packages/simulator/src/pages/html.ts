const made = Symbol('html')

/** Markup in which everything that came from outside has been escaped. Only `html` and `trusted` make it. */
export interface Html {
  readonly [made]: true
  readonly markup: string
}

/** What can stand in a template: text is escaped, lists are joined, and nothing is nothing. */
export type HtmlValue = Html | string | number | false | null | undefined | readonly HtmlValue[]

/** Markup by template: the literal parts are markup, the values are text unless they are markup themselves. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const markup = parts.reduce((text, part, index) => text + render(values[index - 1]) + part)
  return { [made]: true, markup }
}

/** Markup from a constant of this program, such as a style sheet. Never for anything that came from outside. */
export function trusted(markup: string): Html {
  return { [made]: true, markup }
}

function render(value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return ''
  if (typeof value === 'string') return escape(value)
  if (typeof value === 'number') return String(value)
  if (isHtml(value)) return value.markup
  return value.map(render).join('')
}

function isHtml(value: Html | readonly HtmlValue[]): value is Html {
  return made in value
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => escapes[character] ?? character)
}
