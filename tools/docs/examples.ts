/** A piece of code that a page or a comment shows to its reader. */
export interface Example {
  /** The file that shows it, from the root of the repository. */
  readonly page: string
  /** The line of the page, counted from 1, on which the code begins. */
  readonly line: number
  readonly language: 'ts' | 'tsx'
  readonly code: string
}

/** A block of code marked `ts` or `tsx`, at whatever depth of a list it stands. */
const FENCE = /^([ \t]*)```(tsx?)[ \t]*\n([\s\S]*?)^\1```[ \t]*$/gm

/** The examples of a Markdown page. */
export function examplesOfPage(page: string, text: string): readonly Example[] {
  return [...text.matchAll(FENCE)].map(({ 1: indent = '', 2: language, 3: code = '', index }) => ({
    page,
    line: lineOf(text, index) + 1,
    language: language === 'tsx' ? 'tsx' : 'ts',
    code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }))
}

const COMMENT = /\/\*\*[\s\S]*?\*\//g
const EXAMPLE = /^[ \t]*\*[ \t]*@example\b[^\n]*\n([\s\S]*?)(?=^[ \t]*\*[ \t]*@\w|^[ \t]*\*\/)/gm

/** The examples in the comments of a source file. */
export function examplesOfSource(page: string, text: string): readonly Example[] {
  return [...text.matchAll(COMMENT)].flatMap((comment) =>
    [...comment[0].matchAll(EXAMPLE)].flatMap((tag) => {
      const tagLine = lineOf(text, comment.index) + lineOf(comment[0], tag.index) - 1
      const body = (tag[1] ?? '').replaceAll(/^[ \t]*\* ?/gm, '')
      const fenced = examplesOfPage(page, body).map((example) => ({ ...example, line: tagLine + example.line }))
      // Without a fence all that follows the tag is code.
      return fenced.length > 0 ? fenced : [{ page, line: tagLine + 1, language: 'ts' as const, code: body }]
    }),
  )
}

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length
