/**
 * Numbers in one form, so that "previous calls from this number" finds them all, and which of them are called from here: by
 * an agent, as the city's rules say, or as a contact.
 */
import { parsePhoneNumberFromString } from 'libphonenumber-js'
import type { Returned } from './call-event.ts'
import type { Caller } from './call.ts'
import type { CallOutRight, CallOutRules } from './rules.ts'

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

export const romania = '+40'
/** Digits of every Romanian number that is not a short one, after the country code or the trunk prefix 0. */
export const nationalDigits = 9
/** With and without the area code, as `dialplan/inbound.conf` has them. */
const ownNumber = new RegExp(`^(?:(?:\\+|00)?40|0)?(?:256)?${cityLine}$`)
const emergencyNumber = /^(?:(?:\+|00)?40)?112$/
/** Services that cost the caller more than a call (090x, televoting included): never, whatever is allowed. */
const premiumNumber = /^(?:\+40|0)90/
/** A national short number: three to six digits. */
const shortNumber = /^\d{3,6}$/
/**
 * Possible to the library are also an area code before a short number, as in 0256 112, and eight digits after a 0: as they are dialled,
 * `00…`, those would be a number abroad.
 */
const isMisread = (number: string) => number.startsWith(romania) && !/^\+40[1-9]\d{8}$/.test(number)

/** Why a beginning of numbers, or a whole short number, is not one that may be allowed. */
export type NeverAllowed = Extract<
  NumberRefusal,
  'an emergency number' | 'our own number' | 'a premium number'
>

/** `beginning`: in the form of `CallOutRules`. Null: it is none of the numbers that are never called. */
export function whyNeverAllowed(beginning: string): NeverAllowed | null {
  if (emergencyNumber.test(beginning)) return 'an emergency number'
  if (ownNumber.test(beginning)) return 'our own number'
  return premiumNumber.test(beginning) ? 'a premium number' : null
}

/** Without the characters that people type between digits. */
export const withoutSeparators = (typed: string): string => typed.replace(/[\s().\-/]/g, '')

/**
 * Whether an agent may call the number; as typed, or as a call or a request has it. `allowed`: beginnings of numbers in
 * E.164, and whole short numbers (`CallOutRules`).
 */
export function callable(typed: string | null, allowed: readonly string[]): Callable {
  const digits = withoutSeparators(typed ?? '')
  if (digits === '') return notCalled('no number')
  if (!/^\+?\d{3,15}$/.test(digits)) return notCalled('not a number')
  // Agents' phones dial it by themselves, without delay.
  if (emergencyNumber.test(digits)) return notCalled('an emergency number')
  if (ownNumber.test(digits)) return notCalled('our own number')
  if (premiumNumber.test(digits.replace(/^00/, '+'))) return notCalled('a premium number')
  if (shortNumber.test(digits))
    return allowed.includes(digits) ? { ok: true, number: digits } : notCalled('a number not allowed')
  const parsed = parsePhoneNumberFromString(digits, 'RO')
  if (parsed?.isPossible() !== true || isMisread(parsed.number)) return notCalled('not a number')
  // Typed with the country code and without a "+".
  if (premiumNumber.test(parsed.number)) return notCalled('a premium number')
  if (allowed.some((beginning) => beginning.startsWith('+') && parsed.number.startsWith(beginning)))
    return { ok: true, number: parsed.number }
  return notCalled(parsed.number.startsWith(romania) ? 'a number not allowed' : 'a foreign number')
}

export const callOutRefusals = [
  'not allowed to call',
  'only returned calls',
  ...numberRefusals,
  'too many calls',
  'too many calls of all',
] as const
export type CallOutRefusal = (typeof callOutRefusals)[number]

export interface AskedCall {
  /** As typed, or as a call or a request has it; null: withheld or deleted. */
  readonly number: string | null
  readonly returns: Returned | null
  /** The number is the agent's own word, although a request has it. Absent: no. */
  readonly isOwnWord?: boolean
  readonly isSupervisor: boolean
}

/** The facts beside the number that decide; `own`: the city's numbers in all their forms. */
export interface CallOutContext {
  readonly rules: CallOutRules
  readonly own: readonly string[]
  readonly lately: CalledLately
}

/** The number as it is kept, or why it is not called. */
export type JudgedCall =
  | { readonly ok: true; readonly number: string }
  | { readonly ok: false; readonly refusal: CallOutRefusal }

/** Whether an agent may make this call now. */
export function judgeCallOut(asked: AskedCall, { rules, own, lately }: CallOutContext): JudgedCall {
  const judged = numberToCall(asked, rules)
  if (!judged.ok) return judged
  if (isAmong(judged.number, own)) return { ok: false, refusal: 'our own number' }
  const refusal = beyondLimit(lately, asked.returns, rules)
  return refusal === null ? judged : { ok: false, refusal }
}

/** By the role and the number alone. */
export function numberToCall(
  { number, returns, isOwnWord, isSupervisor }: AskedCall,
  rules: CallOutRules,
): JudgedCall {
  const right = callOutRightOf(rules, isSupervisor)
  if (right === 'none') return { ok: false, refusal: 'not allowed to call' }
  if (right === 'returns' && (returns === null || isOwnWord === true))
    return { ok: false, refusal: 'only returned calls' }
  return callable(number, allowedTo(rules, isSupervisor))
}

export const callOutRightOf = (rules: CallOutRules, isSupervisor: boolean): CallOutRight =>
  isSupervisor ? rules.supervisors : rules.agents

export const allowedTo = (rules: CallOutRules, isSupervisor: boolean): readonly string[] =>
  isSupervisor ? allowedToAnybody(rules) : rules.allowed

/**
 * Whether a typed number is surely none of those that are allowed, as far as its form alone shows: a page does not offer it.
 * The ACD judges each call (`numberToCall`).
 */
export function isSurelyNotAllowed(typed: string, allowed: readonly string[]): boolean {
  const digits = withoutSeparators(typed)
  // Their own sentences say more.
  if (whyNeverAllowed(digits.replace(/^00/, '+')) !== null) return false
  if (shortNumber.test(digits)) return !allowed.includes(digits)
  // As "+40 (0)256 …" is written: the library leaves out the 0 as well.
  const written = digits.replace(/^00/, '+').replace(/^\+400/, romania)
  const number = /^0[1-9]\d{8}$/.test(digits) ? `${romania}${digits.slice(1)}` : written
  return number.startsWith('+') && !allowed.some((one) => one.startsWith('+') && number.startsWith(one))
}

/** The numbers that the dialplan lets pass, because it does not know the role. */
export const allowedToAnybody = ({ allowed, allowedToSupervisors }: CallOutRules): readonly string[] => [
  ...new Set([...allowed, ...allowedToSupervisors]),
]

/** Calls that dialled a citizen within the last hour, or are about to. */
export interface CalledLately {
  /** By this agent. */
  readonly own: number
  /** To numbers that were typed, by all. */
  readonly typed: number
}

/** Null: one more call may be made. The bound of all is on typed numbers: no promised call falls victim to them. */
export function beyondLimit(
  { own, typed }: CalledLately,
  returns: Returned | null,
  { perHour, perHourAll }: CallOutRules,
): CallOutRefusal | null {
  if (own >= perHour) return 'too many calls'
  return returns === null && typed >= perHourAll ? 'too many calls of all' : null
}

/** Numbers of the city hall's own exchange. */
const internalNumber = /^\d{3,5}$/

/**
 * Whether a contact of the city's register may be called: any Romanian number, and any internal one, that is none of those
 * which are never called. The register is the permission; `allowed`: what agents may call besides.
 */
export function callableContact(typed: string, allowed: readonly string[]): Callable {
  const digits = withoutSeparators(typed)
  return callable(digits, [...allowed, romania, ...(internalNumber.test(digits) ? [digits] : [])])
}

/** Why a caller's number is not blocked. */
export const blockRefusals = [
  'no number',
  'not a number',
  'an emergency number',
  'our own number',
  'a contact',
] as const
export type BlockRefusal = (typeof blockRefusals)[number]

/** A number to be blocked, as a caller's is kept; never one of the city's, `own`, or one to whom callers are sent, `contacts`. */
export function blockable(
  typed: string | null,
  { own, contacts }: { readonly own: readonly string[]; readonly contacts: readonly string[] },
): { readonly ok: true; readonly number: string } | { readonly ok: false; readonly refusal: BlockRefusal } {
  const refused = (refusal: BlockRefusal) => ({ ok: false, refusal }) as const
  const digits = withoutSeparators(typed ?? '')
  const { number } = callerFrom(digits, '')
  if (number === null) return refused('no number')
  if (!/^\+?\d{3,15}$/.test(digits)) return refused('not a number')
  if (emergencyNumber.test(digits)) return refused('an emergency number')
  if (ownNumber.test(digits) || isAmong(number, own)) return refused('our own number')
  return isAmong(number, contacts) ? refused('a contact') : { ok: true, number }
}

/** Whether a number that is kept is one of these, in whichever form they are written. */
export const isAmong = (number: string, written: readonly string[]): boolean =>
  written.some((one) => callerFrom(one, '').number === number)

/** A number that is kept, as it is dialled at a Romanian provider: `0…`, `00…`, or the short number. */
export function dialledForm(number: string): string {
  if (number.startsWith(romania)) return `0${number.slice(romania.length)}`
  return number.startsWith('+') ? `00${number.slice(1)}` : number
}
