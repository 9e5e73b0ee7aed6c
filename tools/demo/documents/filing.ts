/**
 * The demo document system's files: papers from the counter, and requests received from the contact centre. Duplicate
 * messages are recognised by their id, late ones by their version.
 */
import type { FiledDocument, AskedDocument } from '../../../src/city/documents/document-system.ts'
import type { RegisteredContent } from '../../../src/city/documents/message.ts'

/** A received message: the body written by `bodyOf` in `city/documents/message.ts`, parsed. */
export interface ArrivedMessage {
  readonly type: string
  readonly timestamp: string
  readonly data: { readonly request: string; readonly version: number } & Partial<RegisteredContent>
}

export interface FiledRequest {
  readonly request: string
  /** The highest received version. */
  readonly version: number
  /** The document system's own number and day. */
  readonly ownNumber: string
  readonly ownDate: string
  readonly department: string
  readonly content: Partial<RegisteredContent>
}

/** A paper filed over the counter. */
export interface CounterPaper extends FiledDocument {
  readonly name: string
}

export type Filed = 'new' | 'newer' | 'known' | 'older'

export class Filing {
  readonly requests = new Map<string, FiledRequest>()
  /** In order of first acceptance. */
  readonly taken: ArrivedMessage[] = []
  readonly #ids = new Set<string>()
  readonly #papers: readonly CounterPaper[]

  constructor(papers: readonly CounterPaper[]) {
    this.#papers = papers
  }

  take(id: string, message: ArrivedMessage): Filed {
    if (this.#ids.has(id)) return 'known'
    this.#ids.add(id)
    this.taken.push(message)
    const { request, version, ...content } = message.data
    const before = this.requests.get(request)
    if (before !== undefined && before.version >= version) return 'older'
    this.requests.set(request, {
      request,
      version,
      ownNumber: before?.ownNumber ?? this.#nextNumber(message.timestamp.slice(0, 4)),
      ownDate: before?.ownDate ?? message.timestamp.slice(0, 10),
      department: content.department ?? before?.department ?? '',
      content: { ...before?.content, ...content },
    })
    return before === undefined ? 'new' : 'newer'
  }

  /** All three must match: a number alone gives no access. */
  find({ number, date, name }: AskedDocument): FiledDocument | null {
    const paper = this.#papers.find(
      (one) => folded(one.number) === folded(number) && one.date === date && sameName(one.name, name),
    )
    if (paper === undefined) return null
    const { state, department, deadline } = paper
    return { number: paper.number, date, state, department, deadline }
  }

  #nextNumber(year: string): string {
    return `DM${year}-${String(451 + this.requests.size).padStart(6, '0')}`
  }
}

const folded = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').replace(/\s+/g, '').toUpperCase()

/** Ignores word order, case and diacritics: "Popescu Maria" equals "maria popescu". */
function sameName(a: string, b: string): boolean {
  return sortedWords(a) === sortedWords(b)
}

function sortedWords(name: string): string {
  const words = name.split(/[\s,-]+/).map(folded)
  return words
    .filter((word) => word !== '')
    .sort()
    .join(' ')
}
