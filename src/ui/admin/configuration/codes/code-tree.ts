/** The tree of codes, as the page changes it. */
import { codeLevelsMax, codesTo, codesUnder } from '../../../../core/configuration/codes.ts'
import type { WrapUpCodeSetting } from '../../../../core/configuration/schema.ts'

type Codes = readonly WrapUpCodeSetting[]

/** The codes under which this one may be: neither itself nor one below it, nor so that there were more levels than there may be. */
export function possibleParents(codes: Codes, id: string): Codes {
  const below = codesUnder(codes, id)
  const level = (one: string): number => codesTo(codes, one).length
  const height = Math.max(...below.map(level)) - level(id) + 1
  return codes.filter((code) => !below.includes(code.id) && level(code.id) + height <= codeLevelsMax)
}

/** The place in the document of the code that is shown above this one, on the same level; -1: it is the first. */
export const codeAbove = (codes: Codes, index: number): number =>
  codes.findLastIndex((code, place) => place < index && code.under === codes[index]?.under)

/** Without one code: those that are under it go up a level, and stay for the queues that they were for. */
export function withoutCode(codes: Codes, index: number): WrapUpCodeSetting[] {
  const gone = codes[index]
  return codes.flatMap((code) => {
    if (code === gone) return []
    return gone !== undefined && code.under === gone.id ? [raised(code, gone)] : [code]
  })
}

function raised(code: WrapUpCodeSetting, { under, queues }: WrapUpCodeSetting): WrapUpCodeSetting {
  const { under: _, queues: own, ...others } = code
  const both = own?.filter((queue) => queues?.includes(queue) ?? true)
  // Of none before, which has no way to be written.
  const kept = both?.length === 0 ? own : (both ?? queues)
  return {
    ...others,
    ...(under === undefined ? {} : { under }),
    ...(kept === undefined ? {} : { queues: kept }),
  }
}
