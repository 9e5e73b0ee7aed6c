/** The codes of wrap-ups: a tree, whose paths are what agents choose and what stays on record. */
import type { WrapUpCodeSetting } from './schema.ts'

export const codeLevelsMax = 3

type Codes = readonly WrapUpCodeSetting[]

/** From the first level to the code itself; empty: it is not there, or is below itself. */
export function codesTo(codes: Codes, id: string): Codes {
  const path: WrapUpCodeSetting[] = []
  let code = codes.find((one) => one.id === id)
  while (code !== undefined) {
    if (path.includes(code)) return []
    path.unshift(code)
    const { under } = code
    code = under === undefined ? undefined : codes.find((one) => one.id === under)
  }
  return path
}

/** `Taxe și impozite › Clădiri`; empty: it is not there. */
export const codePath = (codes: Codes, id: string): string =>
  joined(codesTo(codes, id).map(({ name }) => name))

export const codePathEn = (codes: Codes, id: string): string =>
  joined(codesTo(codes, id).map(({ name, nameEn }) => nameEn ?? name))

const joined = (names: readonly string[]): string => names.join(' › ')

/** The queues for whose calls it may be chosen: those of each code on its path; null: every one. */
export function queuesOfCode(codes: Codes, id: string): readonly string[] | null {
  const narrowed = codesTo(codes, id).flatMap(({ queues }) => (queues === undefined ? [] : [queues]))
  const [first, ...others] = narrowed
  return first?.filter((queue) => others.every((queues) => queues.includes(queue))) ?? null
}

/** The code itself and those below it; also of one that is not there. */
export const codesUnder = (codes: Codes, id: string): readonly string[] => [
  id,
  ...codes.flatMap((code) =>
    code.id !== id && codesTo(codes, code.id).some((one) => one.id === id) ? [code.id] : [],
  ),
]

/** Each code after the one that it is under, otherwise in the order of the document; at the end what is below itself. */
export function codesInOrder(codes: Codes): Codes {
  const ids = new Set(codes.map(({ id }) => id))
  const ordered = new Set<WrapUpCodeSetting>()
  const add = (code: WrapUpCodeSetting): void => {
    if (ordered.has(code)) return
    ordered.add(code)
    codes.filter(({ under }) => under === code.id).forEach(add)
  }
  codes.filter(({ under }) => under === undefined || !ids.has(under)).forEach(add)
  codes.forEach(add)
  return [...ordered]
}
