/**
 * `callable.conf`: the dialplan's patterns for the numbers that agents may call, so that it dials no others whatever it is asked
 * for.
 */
import { nationalDigits } from '../../core/phone-number.ts'

const context = '[linia-callable]'

/** Country code included (E.164). */
const foreignDigits = { fewest: 7, most: 15 }
const romania = '40'

/** `allowed`: as in `CallOutRules`. The numbers are matched as they are dialled (`dialledForm`). */
export function callableFile(allowed: readonly string[]): string {
  const patterns = new Set(
    allowed.flatMap((one) => (one.startsWith('+') ? beginningWith(one.slice(1)) : [one])),
  )
  const lines = [...patterns].map((pattern) => `exten => ${pattern},1,Goto(linia-citizen,\${EXTEN},1)`)
  return [context, ...lines, ''].join('\n')
}

function beginningWith(digits: string): readonly string[] {
  if (digits.startsWith(romania)) return national(digits.slice(romania.length))
  const foreign = foreignWith(digits)
  return romania.startsWith(digits) ? [...national(''), ...foreign] : foreign
}

/** The first digit is no 0: dialled after the trunk prefix it would begin a number abroad. */
function national(digits: string): readonly string[] {
  if (digits.length > nationalDigits || digits.startsWith('0')) return []
  const first = digits === '' ? 'Z' : digits
  return [`_0${first}${'X'.repeat(nationalDigits - first.length)}`]
}

function foreignWith(digits: string): readonly string[] {
  const { fewest, most } = foreignDigits
  return Array.from({ length: most - fewest + 1 }, (_, index) => fewest + index)
    .filter((length) => length >= digits.length)
    .map((length) => `_00${digits}${'X'.repeat(length - digits.length)}`)
}
