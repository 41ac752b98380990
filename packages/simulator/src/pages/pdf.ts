/** A line of text on paper, and what stands at the right end of it. */
export interface PdfRow {
  readonly text: string
  readonly right?: string
  readonly size?: number
  readonly bold?: boolean
  /** The space above, in points. */
  readonly above?: number
}

const WIDTH = 595
const HEIGHT = 842
const MARGIN = 56
const SIZE = 10

/** Objects 1 to 4 are the catalogue, the list of pages and the two fonts. */
const FIRST_PAGE = 5

const FONTS = ['Helvetica', 'Helvetica-Bold']

/**
 * Rows of text as a PDF on as many A4 pages as they need. It uses fonts that every reader has and holds nothing but ASCII,
 * so that its length in characters is its length in bytes.
 */
export function pdfOf(rows: readonly PdfRow[]): string {
  const pages = paginate(rows)
  const kids = pages.map((_page, index) => `${FIRST_PAGE + 2 * index} 0 R`)
  return fileOf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids.join(' ')}] /Count ${pages.length} >>`,
    ...FONTS.map((name) => `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`),
    ...pages.flatMap((content, index) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${WIDTH} ${HEIGHT}] /Contents ${FIRST_PAGE + 2 * index + 1} 0 R ` +
        '/Resources << /Font << /F0 3 0 R /F1 4 0 R >> >> >>',
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    ]),
  ])
}

/** What is drawn on each page. */
function paginate(rows: readonly PdfRow[]): readonly string[] {
  const pages: string[][] = [[]]
  let y = HEIGHT - MARGIN
  for (const row of rows) {
    const height = (row.size ?? SIZE) * 1.5 + (row.above ?? 0)
    if (y - height < MARGIN) {
      pages.push([])
      y = HEIGHT - MARGIN
    }
    y -= height
    pages.at(-1)?.push(...drawn(row, y))
  }
  return pages.map((lines) => lines.join('\n'))
}

function drawn({ text, right, size = SIZE, bold = false }: PdfRow, y: number): readonly string[] {
  const at = (x: number, words: string): string =>
    `BT /F${bold ? 1 : 0} ${size} Tf ${x.toFixed(2)} ${y.toFixed(2)} Td (${encoded(words)}) Tj ET`
  if (right === undefined) return [at(MARGIN, text)]
  return [at(MARGIN, text), at(WIDTH - MARGIN - widthOf(right, size), right)]
}

/** How wide an amount or a date is: digits have one width in these fonts, and the rest is near enough. */
function widthOf(text: string, size: number): number {
  const widths = Array.from(text, (character) => (/[.,\s]/.test(character) ? 278 : /[-−]/.test(character) ? 333 : 556))
  return (widths.reduce((sum, width) => sum + width, 0) * size) / 1000
}

/** What the fonts' encoding has elsewhere than Unicode; a true minus it does not have. */
const ELSEWHERE: Readonly<Record<string, number>> = {
  '€': 0x80,
  '…': 0x85,
  '’': 0x92,
  '“': 0x93,
  '”': 0x94,
  '•': 0x95,
  '–': 0x96,
  '—': 0x97,
  '−': 0x2d,
}

const UNKNOWN = '?'.charCodeAt(0)

function encoded(text: string): string {
  return Array.from(text, encodedCharacter).join('')
}

function encodedCharacter(character: string): string {
  const point = character.codePointAt(0) ?? UNKNOWN
  const isLatin = (point >= 0x20 && point < 0x7f) || (point >= 0xa0 && point <= 0xff)
  const code = ELSEWHERE[character] ?? (isLatin ? point : UNKNOWN)
  const isPlain = code < 0x7f && !'()\\'.includes(character)
  return isPlain ? String.fromCharCode(code) : `\\${code.toString(8).padStart(3, '0')}`
}

/** The objects, numbered from one, and the table that says at which byte each begins. */
function fileOf(objects: readonly string[]): string {
  let file = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const offset = file.length
    file += `${index + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`)
  const count = objects.length + 1
  return (
    `${file}xref\n0 ${count}\n0000000000 65535 f \n${entries.join('')}` +
    `trailer\n<< /Size ${count} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`
  )
}
