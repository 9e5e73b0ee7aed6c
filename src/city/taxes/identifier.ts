/**
 * CNP and CUI/CIF: the identifiers of persons and companies in the fiscal database. Only complete identifiers with the
 * right check digit are looked up, so that a slip is reported at once and does not count as an attempt.
 */

export type Identifier =
  | { readonly kind: 'person'; readonly value: string }
  | { readonly kind: 'company'; readonly value: string }

export type IdentifierFault =
  /** Neither 13 digits nor 2 to 10. */
  | 'length'
  /** Characters other than digits. */
  | 'characters'
  /** The first digit of a CNP is 0. */
  | 'kind'
  /** A day that does not exist. */
  | 'date'
  /** The county's number is not in use. */
  | 'county'
  | 'check digit'

export type ReadIdentifier =
  | { readonly ok: true; readonly identifier: Identifier }
  | { readonly ok: false; readonly fault: IdentifierFault }

/** Parses typed text: spaces, points and hyphens are removed, as is "RO", "CNP", "CUI", "CIF" or "CF" before it. */
export function readIdentifier(text: string): ReadIdentifier {
  const value = text
    .toUpperCase()
    .replace(/[\s.-]+/g, '')
    .replace(/^(CNP|CUI|CIF|CF):?/, '')
    .replace(/^RO/, '')
  if (!/^\d*$/.test(value)) return { ok: false, fault: 'characters' }
  const person = value.length === 13
  if (!person && (value.length < 2 || value.length > 10)) return { ok: false, fault: 'length' }
  const fault = person ? cnpFault(value) : cuiFault(value)
  if (fault !== null) return { ok: false, fault }
  return { ok: true, identifier: { kind: person ? 'person' : 'company', value } }
}

/** `S AALLZZ JJ NNN C`: OUG 97/2005 and its norms. */
function cnpFault(cnp: string): IdentifierFault | null {
  const possible = centuries[cnp.slice(0, 1)]
  if (possible === undefined) return 'kind'
  const [year, month, day] = [cnp.slice(1, 3), cnp.slice(3, 5), cnp.slice(5, 7)].map(Number) as Date3
  if (!possible.some((century) => dayExists(century + year, month, day))) return 'date'
  if (!countiesInUse.has(Number(cnp.slice(7, 9)))) return 'county'
  return cnpCheckDigit(cnp.slice(0, 12)) === Number(cnp[12]) ? null : 'check digit'
}

/** Centuries by first digit. For foreigners (7, 8, 9) the digit does not determine the century. */
const centuries: Readonly<Record<string, readonly number[]>> = {
  1: [1900],
  2: [1900],
  3: [1800],
  4: [1800],
  5: [2000],
  6: [2000],
  7: [1900, 2000],
  8: [1900, 2000],
  9: [1900, 2000],
}

/** 01–46 counties and Bucharest's sectors, 51 and 52; 47, 48, 70 and 80–83 occur too. */
const countiesInUse: ReadonlySet<number> = new Set([
  ...Array.from({ length: 48 }, (_, at) => at + 1),
  51,
  52,
  70,
  80,
  81,
  82,
  83,
])

type Date3 = [year: number, month: number, day: number]

function dayExists(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && month > 0
}

const cnpWeights = [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]

/** Of the first twelve digits. */
export function cnpCheckDigit(body: string): number {
  const rest = weighed(body, cnpWeights) % 11
  return rest === 10 ? 1 : rest
}

const cuiWeights = [7, 5, 3, 2, 1, 7, 5, 3, 2]

/** Of all digits but the last. */
export function cuiCheckDigit(body: string): number {
  return ((weighed(body.padStart(9, '0'), cuiWeights) * 10) % 11) % 10
}

function cuiFault(cui: string): IdentifierFault | null {
  return cuiCheckDigit(cui.slice(0, -1)) === Number(cui.at(-1)) ? null : 'check digit'
}

const weighed = (digits: string, weights: readonly number[]): number =>
  weights.reduce((sum, weight, at) => sum + weight * Number(digits[at]), 0)
