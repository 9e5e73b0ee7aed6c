/**
 * The confidentiality agreement as text (docs/rules/announcement.md: "operatorii care lucrează în proiect au semnat un acord").
 * The city keeps one text. Each person is shown it with their own name and employer (GDPR art. 28 (3) (b): the
 * processor's people commit themselves); the digest of a signature is taken of the text as shown.
 */
import { createHash } from 'node:crypto'

/** Placeholders of the signatory's name and employer in the text that the city keeps. */
export const marks = { name: '{nume}', employer: '{angajator}' } as const

export interface Signatory {
  readonly name: string
  readonly employer: string
}

export function agreementFor(text: string, { name, employer }: Signatory): string {
  return text.replace(/\{nume\}|\{angajator\}/g, (mark) => (mark === marks.name ? name : employer))
}

/** SHA-256 of the text as shown, in UTF-8. */
export function digestOf(shown: string): Buffer {
  return createHash('sha256').update(shown, 'utf8').digest()
}

export type TextFault = 'without name' | 'without employer' | 'unknown placeholder'

/**
 * Why nobody could sign the text: it does not name the person or the employer, or it has a placeholder that is not
 * filled in (`{numele}`). Null: it can be signed.
 */
export function textFault(text: string): TextFault | null {
  if (!text.includes(marks.name)) return 'without name'
  if (!text.includes(marks.employer)) return 'without employer'
  return unknownMark(text) === null ? null : 'unknown placeholder'
}

/** The first placeholder of the text that is not filled in. */
function unknownMark(text: string): string | null {
  const known: readonly string[] = Object.values(marks)
  return text.match(/\{[^{}\n]*\}/g)?.find((mark) => !known.includes(mark)) ?? null
}

/** The signatory of a preview. */
export const exampleSignatory: Signatory = { name: 'Maria Exemplu', employer: 'Firma Exemplu SRL' }
