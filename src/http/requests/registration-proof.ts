/** The proof of registration as PDF, in Romanian, for the citizen to keep. */
import type { CityHall } from '../../config.ts'
import type { Day } from '../../city/day.ts'
import { categoryOf } from '../../city/requests/categories.ts'
import type { RequestKind } from '../../city/requests/kinds.ts'
import { writtenNumber } from '../../city/requests/number.ts'
import type { RequestDetails } from '../../ledger/requests/details.ts'
import type { RequestRow } from '../../ledger/requests/lists.ts'
import { fontFile, runsOf, type Part, type Weight } from './fonts.ts'

const kindWords: Readonly<Record<RequestKind, string>> = {
  complaint: 'Reclamație',
  notice: 'Sesizare',
  request: 'Cerere',
  suggestion: 'Sugestie',
  proposal: 'Propunere',
}

export interface Paper {
  readonly row: RequestRow
  /** Null once retention has deleted them: the sheet then has only what the register has. */
  readonly details: RequestDetails | null
  /** The page on which the citizen follows the request: `https://…/urmarire`. */
  readonly link: string
  readonly cityHall: CityHall
}

const ink = '#16202b'
const quiet = '#4a5663'
const armsPoints = 56

/** The complete file, built in memory: a page or two. */
export async function registrationProof(paper: Paper): Promise<Buffer> {
  // Loaded at the first use: it takes a tenth of a second, which a restarting node does not have.
  const { default: Pdf } = await import('pdfkit')
  const { row, details, link, cityHall } = paper
  const number = writtenNumber(row.id, row.registeredOn)
  const doc = new Pdf({
    size: 'A4',
    margins: { top: 64, bottom: 64, left: 64, right: 64 },
    lang: 'ro-RO',
    info: { Title: `Dovada înregistrării ${number}`, Author: cityHall.name },
  })
  for (const part of ['latin', 'latin-ext'] as const)
    for (const weight of ['400', '600'] as const)
      doc.registerFont(fontName(part, weight), fontFile(part, weight))
  const whole = gathered(doc)
  const sheet = new Sheet(doc)
  if (cityHall.arms?.type === 'image/png') sheet.arms(Buffer.from(cityHall.arms.base64, 'base64'))
  sheet.line(`${cityHall.name} · Linia 969`, { size: 10, colour: quiet })
  sheet.line('Dovada înregistrării', { size: 20, weight: '600', above: 6 })
  sheet.line(number, { size: 16, weight: '600', above: 8 })
  sheet.facts([
    ['Tip', kindWords[row.kind]],
    ['Domeniu', categoryOf(row.category)?.name.ro ?? row.category],
    ['Se ocupă', row.standing.department],
    ['Răspuns până la', inWords(row.standing.announcedOn)],
    ['Termenul legal', inWords(row.standing.legalEndOn)],
    ...(details === null ? [] : personal(details)),
  ])
  if (details !== null) {
    sheet.line('Conținut', { size: 10, colour: quiet, above: 12 })
    sheet.line(details.text, { size: 11, above: 2 })
    sheet.line('Cum o urmăriți', { size: 10, colour: quiet, above: 14 })
    const code = `${details.code.slice(0, 3)} ${details.code.slice(3)}`
    sheet.line(`La ${link}, cu numărul de mai sus și codul ${code}, sau la telefon 969.`, {
      size: 11,
      above: 2,
    })
  }
  sheet.line(
    row.regime === 'petition'
      ? 'Termenul este cel din OG 27/2002. Păstrați codul: cine are numărul și codul poate vedea stadiul cererii.'
      : 'Termenul este cel din Legea 544/2001. Păstrați codul: cine are numărul și codul poate vedea stadiul cererii.',
    { size: 9, colour: quiet, above: 18 },
  )
  doc.end()
  return whole
}

function personal({ person, place }: RequestDetails): [string, string][] {
  const house = [place.street, place.number].filter(Boolean).join(' ')
  const where = [house, place.more].filter(Boolean).join(', ')
  return [
    ['Petent', person === null ? 'fără nume' : person.name],
    ...(where === '' ? [] : [['Locul', where] satisfies [string, string]]),
  ]
}

const words = new Intl.DateTimeFormat('ro-RO', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
})
const inWords = (day: Day): string => words.format(new Date(`${day}T00:00:00Z`))

const fontName = (part: Part, weight: Weight): string => `${part} ${weight}`

function gathered(doc: PDFKit.PDFDocument): Promise<Buffer> {
  const chunks: Buffer[] = []
  return new Promise((resolve, reject) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk))
    doc.on('end', () => resolve(Buffer.concat(chunks)))
    doc.on('error', reject)
  })
}

interface Look {
  readonly size: number
  readonly weight?: Weight
  readonly colour?: string
  /** Space above it in points. */
  readonly above?: number
}

class Sheet {
  readonly #doc: PDFKit.PDFDocument

  constructor(doc: PDFKit.PDFDocument) {
    this.#doc = doc
  }

  line(text: string, { above = 0, ...look }: Look): void {
    this.#doc.y += above
    for (const paragraph of text.split('\n')) this.#paragraph(paragraph === '' ? ' ' : paragraph, look)
  }

  /** In the upper right corner: the text below keeps its place. */
  arms(png: Buffer): void {
    const { page } = this.#doc
    const left = page.width - page.margins.right - armsPoints
    const { x, y } = this.#doc
    this.#doc.image(png, left, page.margins.top, { fit: [armsPoints, armsPoints], align: 'right' })
    this.#doc.x = x
    this.#doc.y = y
  }

  facts(facts: readonly (readonly [string, string])[]): void {
    const doc = this.#doc
    const left = doc.page.margins.left
    doc.y += 10
    for (const [name, value] of facts) {
      const top = doc.y
      this.#paragraph(name, { size: 11, colour: quiet })
      doc.y = top
      doc.x = left + 120
      this.#paragraph(value, { size: 11 })
      doc.x = left
      doc.y += 3
    }
  }

  #paragraph(text: string, { size, weight = '400', colour = ink }: Look): void {
    const doc = this.#doc
    const runs = runsOf(text)
    const width = doc.page.width - doc.page.margins.right - doc.x
    runs.forEach((run, index) => {
      doc.font(fontName(run.part, weight)).fontSize(size).fillColor(colour)
      const continued = index < runs.length - 1
      if (index === 0) doc.text(run.text, doc.x, doc.y, { width, continued, lineGap: 2 })
      else doc.text(run.text, { continued, lineGap: 2 })
    })
  }
}
