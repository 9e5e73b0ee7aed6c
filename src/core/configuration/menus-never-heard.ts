/**
 * Menus that callers never hear because the setting `ANSWER` of the server is `agent`: no key gets through before an answer. A
 * warning and no fault, unlike a number's own `answer: agent`: the setting may have been changed after the publication, and
 * another change must not wait for it.
 */
import type { AnswerAt, Configuration, NumberSetting } from './schema.ts'

export interface MenuNeverHeard {
  readonly number: string
  /** Its id. */
  readonly menu: string
}

/** In the order of the document. `answer`: the setting, which holds for numbers without their own. */
export const menusNeverHeard = (
  { numbers }: Pick<Configuration, 'numbers'>,
  answer: AnswerAt,
): readonly MenuNeverHeard[] => numbers.flatMap((one) => neverHeard(one, answer))

const neverHeard = ({ number, menu, answer }: NumberSetting, ofServer: AnswerAt): readonly MenuNeverHeard[] =>
  menu !== undefined && answer === undefined && ofServer === 'agent' ? [{ number, menu }] : []

/** Without those that are so in force: a change is not blamed for them. */
export function menusNeverHeardAfter(
  before: Pick<Configuration, 'numbers'>,
  after: Pick<Configuration, 'numbers'>,
  answer: AnswerAt,
): readonly MenuNeverHeard[] {
  const known = menusNeverHeard(before, answer)
  return menusNeverHeard(after, answer).filter(
    ({ number, menu }) => !known.some((one) => one.number === number && one.menu === menu),
  )
}
