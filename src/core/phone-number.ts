/** The caller's number in one form, so that "previous calls from this number" finds them all. */
import { parsePhoneNumberFromString } from 'libphonenumber-js'
import type { Caller } from './call.ts'

/** The city's short number: what callers dial, and what a citizen who is called sees. */
export const cityLine = '969'

/** E.164 where the number is one (Romania is assumed for national forms), else the digits as received. */
export function callerFrom(number: string, name: string): Caller {
  const digits = number.replace(/[^\d+]/g, '')
  const parsed = digits === '' ? undefined : parsePhoneNumberFromString(digits, 'RO')
  const shown = name.trim()
  return {
    number: parsed?.isPossible() === true ? parsed.number : digits === '' ? null : digits.slice(0, 32),
    name: shown === '' || shown === number ? null : shown,
  }
}

/** Why a number is not called from a desk. */
export const numberRefusals = [
  'no number',
  'not a number',
  'an emergency number',
  'our own number',
  'a premium number',
  'a foreign number',
  'a number not allowed',
] as const
export type NumberRefusal = (typeof numberRefusals)[number]

/** A number as it is kept, or why it may not be called. */
export type Callable =
  | { readonly ok: true; readonly number: string }
  | { readonly ok: false; readonly refusal: NumberRefusal }

const notCalled = (refusal: NumberRefusal): Callable => ({ ok: false, refusal })

const romania = '+40'
/** With and without the area code, as `dialplan/inbound.conf` has them. */
const ownNumber = new RegExp(`^(?:(?:\\+|00)?40|0)?(?:256)?${cityLine}$`)
const emergencyNumber = /^(?:(?:\+|00)?40)?112$/
/** Services that cost the caller more than a call (090x, televoting included): never, whatever is allowed. */
const premiumNumber = /^(?:\+40|0)90/
/** A national short number: three to six digits. */
const shortNumber = /^\d{3,6}$/
/** An area code before a short number, as in 0256 112, is possible to the library. */
const isTooShortHere = (number: string) => number.startsWith(romania) && !/^\+40\d{9}$/.test(number)
/** Characters that people type between digits. */
const between = /[\s().\-/]/g

/**
 * Whether an agent may call the number; as typed, or as a call or a request has it. `allowed`: beginnings of numbers in
 * E.164, and whole short numbers (`CallOutRules`).
 */
export function callable(typed: string | null, allowed: readonly string[]): Callable {
  const digits = (typed ?? '').replace(between, '')
  if (digits === '') return notCalled('no number')
  if (!/^\+?\d{3,15}$/.test(digits)) return notCalled('not a number')
  // Agents' phones dial it by themselves, without delay.
  if (emergencyNumber.test(digits)) return notCalled('an emergency number')
  if (ownNumber.test(digits)) return notCalled('our own number')
  if (premiumNumber.test(digits.replace(/^00/, '+'))) return notCalled('a premium number')
  if (shortNumber.test(digits))
    return allowed.includes(digits) ? { ok: true, number: digits } : notCalled('a number not allowed')
  const parsed = parsePhoneNumberFromString(digits, 'RO')
  if (parsed?.isPossible() !== true || isTooShortHere(parsed.number)) return notCalled('not a number')
  // Typed with the country code and without a "+".
  if (premiumNumber.test(parsed.number)) return notCalled('a premium number')
  if (allowed.some((beginning) => beginning.startsWith('+') && parsed.number.startsWith(beginning)))
    return { ok: true, number: parsed.number }
  return notCalled(parsed.number.startsWith(romania) ? 'a number not allowed' : 'a foreign number')
}

/** A number that is kept, as it is dialled at a Romanian provider: `0…`, `00…`, or the short number. */
export function dialledForm(number: string): string {
  if (number.startsWith(romania)) return `0${number.slice(romania.length)}`
  return number.startsWith('+') ? `00${number.slice(1)}` : number
}
