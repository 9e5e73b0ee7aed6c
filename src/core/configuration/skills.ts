/** Skills against queues. These are warnings and no faults: a city may prepare a skill before its queue, or a queue before its agents. */
import type { QueueSetting } from './schema.ts'

export const skillWarningCodes = [
  'queue without agents',
  'skill without queue',
  'queue without ageing',
] as const

export type SkillWarning =
  /** No agent has the queue's skill at its least level: nobody can serve its callers. */
  | {
      readonly code: 'queue without agents'
      readonly queue: string
      readonly skill: string
      readonly levelMin: number
    }
  /** Agents have a skill for which no queue asks. */
  | { readonly code: 'skill without queue'; readonly skill: string; readonly agents: number }
  | AgeingWarning

/** The queue keeps its priority, while those beside it, which the same agents serve, age: their callers pass all of its own in time (decision 60). */
interface AgeingWarning {
  readonly code: 'queue without ageing'
  readonly queue: string
  readonly skill: string
  /** Ids of queues. */
  readonly beside: readonly string[]
}

/** Skill → level of an agent who serves every queue, at its least level. */
export function everyQueue(
  queues: readonly Pick<QueueSetting, 'skill' | 'levelMin'>[],
): ReadonlyMap<string, number> {
  const levels = new Map<string, number>()
  for (const { skill, levelMin } of queues) levels.set(skill, Math.max(levelMin, levels.get(skill) ?? 1))
  return levels
}

interface Skilled {
  /** Skill → level; 0 or absent: the agent does not have it. */
  readonly levels: Readonly<Record<string, number>>
}

/** Queues in the order of the document, then skills by name. */
export function skillWarnings(
  queues: readonly Pick<QueueSetting, 'id' | 'skill' | 'levelMin'>[],
  agents: readonly Skilled[],
): readonly SkillWarning[] {
  const holders = new Map<string, number>()
  for (const { levels } of agents)
    for (const [skill, level] of Object.entries(levels))
      if (level > 0) holders.set(skill, (holders.get(skill) ?? 0) + 1)
  const asked = new Set(queues.map(({ skill }) => skill))
  return [
    ...queues.flatMap(({ id, skill, levelMin }): readonly SkillWarning[] =>
      agents.some(({ levels }) => (levels[skill] ?? 0) >= levelMin)
        ? []
        : [{ code: 'queue without agents', queue: id, skill, levelMin }],
    ),
    ...[...holders]
      .filter(([skill]) => !asked.has(skill))
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([skill, count]): SkillWarning => ({ code: 'skill without queue', skill, agents: count })),
  ]
}

/** Of a configuration: queues that share agents, or a skill, of which only some age. In the order of the document. */
export function ageingWarnings(
  queues: readonly Pick<QueueSetting, 'id' | 'skill' | 'levelMin' | 'ageingSeconds'>[],
  agents: readonly Skilled[],
): readonly AgeingWarning[] {
  const serves = ({ levels }: Skilled, { skill, levelMin }: (typeof queues)[number]): boolean =>
    (levels[skill] ?? 0) >= levelMin
  return queues.flatMap((queue) => {
    if (queue.ageingSeconds !== undefined) return []
    const beside = queues.filter(
      (other) =>
        other.ageingSeconds !== undefined &&
        (other.skill === queue.skill || agents.some((agent) => serves(agent, queue) && serves(agent, other))),
    )
    const { id, skill } = queue
    return beside.length === 0
      ? []
      : [{ code: 'queue without ageing', queue: id, skill, beside: beside.map((other) => other.id) }]
  })
}

/** All of a configuration. */
export const configurationWarnings = (
  queues: Parameters<typeof ageingWarnings>[0],
  agents: readonly Skilled[],
): readonly SkillWarning[] => [...skillWarnings(queues, agents), ...ageingWarnings(queues, agents)]
