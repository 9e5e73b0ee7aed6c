/** Activation codes: random, typed by people, kept as digests. */
import { createHash, randomInt } from 'node:crypto'

/** Without I, L, O and U, which are misread. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** 80 bits. */
const wholeLength = 16
/** 60 bits: whoever has one half cannot find the other, not even with the database's digests. */
const halfLength = 12
const groupLength = 4

export const newWholeCode = (): string => grouped(random(wholeLength))
export const newHalfCode = (): string => grouped(random(halfLength))

export const codeDigest = (code: string): Buffer =>
  createHash('sha256').update(folded(code), 'ascii').digest()

/** The digests under which a typed code is found; null: not the form of a code. */
export function digestsOf(typed: string): { readonly first: Buffer; readonly second: Buffer | null } | null {
  const code = folded(typed)
  if (code.length === wholeLength) return { first: codeDigest(code), second: null }
  if (code.length !== 2 * halfLength) return null
  return { first: codeDigest(code.slice(0, halfLength)), second: codeDigest(code.slice(halfLength)) }
}

function random(length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')
}

const grouped = (code: string): string => code.match(new RegExp(`.{1,${groupLength}}`, 'g'))!.join('-')

/** As printed, whatever dashes, spaces, case and misread letters were typed. */
function folded(typed: string): string {
  return typed
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1')
}
