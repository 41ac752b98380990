import { createRequire } from 'node:module'
import type PDFDocument from 'pdfkit'

/** A document on paper: who it is from and to, what it lists, and what that comes to. */
export interface Paper {
  readonly title: string
  readonly from: readonly string[]
  readonly to: readonly string[]
  readonly facts: readonly (readonly [name: string, value: string])[]
  readonly headings: readonly [text: string, amount: string]
  readonly rows: readonly PaperRow[]
  readonly sums: readonly PaperSum[]
  readonly notes: readonly string[]
  /** When it was made, in Unix seconds. */
  readonly madeAt: number
}

export interface PaperRow {
  readonly text: string
  readonly detail?: string
  readonly amount: string
}

export interface PaperSum {
  readonly label: string
  readonly amount: string
  readonly isStrong?: boolean
}

type Document = InstanceType<typeof PDFDocument>

const require = createRequire(import.meta.url)

/** Loaded when the first document is made: it takes longer to load than all the rest of the simulator. */
function blankDocument(options: PDFKit.PDFDocumentOptions): Document {
  // Guaranteed: this is the package whose types are those.
  const Library = require('pdfkit') as typeof PDFDocument
  return new Library(options)
}

const MARGIN = 56
const SIZE = 10
const SMALL = 8.5
const TITLE = 20
const GAP = 8
const AMOUNT_WIDTH = 110
const GREY = '#666666'
const BLACK = '#111111'

/** The document as a PDF on as many A4 pages as it needs. */
export function pdfOf(paper: Paper): Uint8Array {
  const document = blankDocument({
    // Uncompressed, it is all there at once: nothing has to be waited for.
    compress: false,
    size: 'A4',
    margin: MARGIN,
    lang: 'en',
    displayTitle: true,
    pdfVersion: '1.7',
    info: { Title: printable(paper.title), CreationDate: new Date(paper.madeAt * 1000) },
  })
  drawHead(document, paper)
  drawRows(document, paper)
  drawSums(document, paper.sums)
  for (const note of paper.notes) paragraph(document, note, { size: SMALL, color: GREY, above: GAP })
  document.end()
  return bytesOf(document)
}

function bytesOf(document: Document): Uint8Array {
  const chunks: Uint8Array[] = []
  for (let chunk = readChunk(document); chunk !== null; chunk = readChunk(document)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Guaranteed: the stream is in no text mode, so that what it reads are bytes. */
function readChunk(document: Document): Uint8Array | null {
  return (document as NodeJS.ReadableStream).read() as Uint8Array | null
}

function drawHead(document: Document, { title, from, to, facts }: Paper): void {
  paragraph(document, title, { size: TITLE, bold: true })
  for (const text of from) paragraph(document, text, { color: GREY })
  if (to.length > 0) paragraph(document, 'To', { size: SMALL, color: GREY, above: 2 * GAP })
  for (const text of to) paragraph(document, text)
  document.y += GAP
  for (const [name, value] of facts) paragraph(document, `${name}: ${value}`)
}

function drawRows(document: Document, { headings, rows }: Paper): void {
  document.y += 2 * GAP
  pair(document, headings, { bold: true })
  rule(document)
  for (const { text, detail, amount } of rows) {
    document.y += GAP / 2
    pair(document, [text, amount])
    if (detail !== undefined) paragraph(document, detail, { size: SMALL, color: GREY })
  }
  document.y += GAP
  rule(document)
}

function drawSums(document: Document, sums: readonly PaperSum[]): void {
  for (const { label, amount, isStrong = false } of sums) {
    document.y += GAP / 2
    pair(document, [label, amount], { bold: isStrong })
  }
}

interface Look {
  readonly size?: number
  readonly bold?: boolean
  readonly color?: string
  readonly above?: number
}

function paragraph(document: Document, text: string, look: Look = {}): void {
  const { size = SIZE, bold = false, color = BLACK, above = 0 } = look
  document.y += above
  document.font(bold ? 'Helvetica-Bold' : 'Helvetica', size).fillColor(color)
  document.text(printable(text), MARGIN, document.y, { width: widthOf(document) })
}

/** Words at the left, and an amount at the right end of their first line. */
function pair(document: Document, [text, amount]: readonly [string, string], { bold = false }: Look = {}): void {
  document.font(bold ? 'Helvetica-Bold' : 'Helvetica', SIZE).fillColor(BLACK)
  const width = widthOf(document) - AMOUNT_WIDTH - GAP
  const height = document.heightOfString(printable(text), { width })
  if (document.y + height > document.page.height - MARGIN) document.addPage()
  const { y } = document
  document.text(printable(amount), document.page.width - MARGIN - AMOUNT_WIDTH, y, {
    width: AMOUNT_WIDTH,
    align: 'right',
  })
  document.text(printable(text), MARGIN, y, { width })
}

function rule(document: Document): void {
  const { y } = document
  document
    .moveTo(MARGIN, y)
    .lineTo(document.page.width - MARGIN, y)
    .lineWidth(0.5)
    .strokeColor('#bbbbbb')
    .stroke()
  document.y = y + GAP / 2
}

function widthOf(document: Document): number {
  return document.page.width - 2 * MARGIN
}

/** Beyond Latin-1, what the standard fonts can show. */
const ELSEWHERE = '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ'

/** The standard fonts hold the scripts of Western Europe; the rest is shown as a question mark. */
function printable(text: string): string {
  return Array.from(text.replaceAll('−', '-'), (character) => {
    const point = character.codePointAt(0) ?? 0
    const isLatin = (point >= 0x20 && point < 0x7f) || (point >= 0xa0 && point <= 0xff)
    return isLatin || ELSEWHERE.includes(character) ? character : '?'
  }).join('')
}
