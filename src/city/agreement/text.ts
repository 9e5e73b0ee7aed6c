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

/** The placeholder that a text lacks; null when it has both. */
export function missingMark(text: string): string | null {
  return Object.values(marks).find((mark) => !text.includes(mark)) ?? null
}
