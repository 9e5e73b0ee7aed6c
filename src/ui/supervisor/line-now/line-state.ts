/** Opening and notices as the board's line shows them. */
import type { LineNow, NoticeNow, NumberNow } from '../../../http/queues/wire.ts'
import { stateOf } from '../caller-notices/notice-time.ts'

/** Numbers that open and close together. */
export interface OpeningGroup {
  readonly numbers: readonly string[]
  readonly isOpen: boolean
  readonly changesAt: string | null
}

/** In the order of the configuration. */
export function openingGroups(numbers: readonly NumberNow[]): readonly OpeningGroup[] {
  const groups = Map.groupBy(numbers, ({ isOpen, changesAt }) => `${isOpen} ${changesAt}`)
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const { isOpen, changesAt } = first
    return [{ numbers: group.map(({ number }) => number), isOpen, changesAt }]
  })
}

export interface ShownNotice {
  readonly notice: NoticeNow
  readonly state: 'in force' | 'planned'
  readonly at: number
  /** How many other notices are not over. */
  readonly others: number
}

/** The latest in force, or the one that begins first. `ended`: by this page, while the server's answer still has them. */
export function shownNotice(
  notices: LineNow['notices'],
  ended: ReadonlySet<number>,
  now: number,
): ShownNotice | null {
  const left = notices.flatMap((notice) => {
    const { state, at } = stateOf({ ...notice, endedAt: null }, now)
    return state === 'over' || ended.has(notice.id) ? [] : [{ notice, state, at }]
  })
  const planned = left.filter(({ state }) => state === 'planned').toSorted((a, b) => a.at - b.at)
  const shown = left.findLast(({ state }) => state === 'in force') ?? planned[0]
  return shown === undefined ? null : { ...shown, others: left.length - 1 }
}

const shownLength = 44

/** The first words of a notice; its whole text is on the page of notices. */
export function shortened(text: string): string {
  if (text.length <= shownLength) return text
  const cut = text.slice(0, shownLength)
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), shownLength / 2)).replace(/[\s,;:.–-]+$/, '')}…`
}
