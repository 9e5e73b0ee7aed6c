/** The caller's number in one form, so that "previous calls from this number" finds them all. */
import { parsePhoneNumberFromString } from 'libphonenumber-js'
import type { Caller } from './call.ts'

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
