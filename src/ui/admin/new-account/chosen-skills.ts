/** The skills of a new agent, as the form has them. */
import { everyQueue } from '../../../core/configuration/skills.ts'
import type { SkillMatrix } from '../../../http/skills/wire.ts'

/** Skill → level 1–5; null: as the server gives them without a choice. */
export type ChosenSkills = Readonly<Record<string, number>> | null

export function acceptSkills(stored: unknown): ChosenSkills {
  if (typeof stored !== 'object' || stored === null) return null
  const levels = Object.entries(stored).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number' && [1, 2, 3, 4, 5].includes(entry[1]),
  )
  return Object.fromEntries(levels)
}

/** Without a choice a new agent serves every queue. */
export const levelsIn = (
  chosen: ChosenSkills,
  { queues }: Pick<SkillMatrix, 'queues'>,
): Readonly<Record<string, number>> => chosen ?? Object.fromEntries(everyQueue(queues))

export function withLevel(
  levels: Readonly<Record<string, number>>,
  skill: string,
  level: number,
): Readonly<Record<string, number>> {
  const { [skill]: _, ...others } = levels
  return level === 0 ? others : { ...others, [skill]: level }
}

/** The names of the queues that an agent with these levels serves. */
export const servedBy = (
  levels: Readonly<Record<string, number>>,
  { queues }: Pick<SkillMatrix, 'queues'>,
): readonly string[] =>
  queues.filter(({ skill, levelMin }) => (levels[skill] ?? 0) >= levelMin).map(({ name }) => name)
