/** Changed levels that are not saved yet, by agent and skill. */
import type { SetSkills, SkilledAgent } from '../../../http/skills/wire.ts'

interface Change {
  /** The version of the agent's that was seen. */
  readonly basedOn: number
  readonly levels: Readonly<Record<string, number>>
}
export type SkillDraft = Readonly<Record<string, Change>>

/** Null: of another shape. */
export function acceptSkillDraft(stored: unknown): SkillDraft | null {
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) return null
  const fits = Object.values(stored).every((change: unknown) => {
    if (typeof change !== 'object' || change === null) return false
    const { basedOn, levels } = change as Record<string, unknown>
    if (typeof basedOn !== 'number' || typeof levels !== 'object' || levels === null) return false
    return Object.values(levels).every((level) => typeof level === 'number')
  })
  return fits ? (stored as SkillDraft) : null
}

export const savedLevel = ({ levels }: SkilledAgent, skill: string): number => levels[skill] ?? 0

export const levelIn = (draft: SkillDraft, agent: SkilledAgent, skill: string): number =>
  draft[agent.id]?.levels[skill] ?? savedLevel(agent, skill)

/** All levels of an agent, with what is not saved yet. */
export const levelsIn = (draft: SkillDraft, agent: SkilledAgent): Readonly<Record<string, number>> => ({
  ...agent.levels,
  ...draft[agent.id]?.levels,
})

/** A level that is the saved one again is no change any more. */
export function withLevel(draft: SkillDraft, agent: SkilledAgent, skill: string, level: number): SkillDraft {
  const before = draft[agent.id]
  const levels = { ...before?.levels, [skill]: level }
  return withChange(draft, agent, { basedOn: before?.basedOn ?? agent.version, levels })
}

export const changedCells = (draft: SkillDraft): number =>
  Object.values(draft).reduce((count, { levels }) => count + Object.keys(levels).length, 0)

/** Onto the newest versions: agents who are gone are dropped, and levels that somebody else has set so meanwhile. */
export const rebased = (draft: SkillDraft, agents: readonly SkilledAgent[]): SkillDraft =>
  agents.reduce<SkillDraft>((rest, agent) => {
    const change = draft[agent.id]
    return change === undefined ? rest : withChange(rest, agent, { ...change, basedOn: agent.version })
  }, {})

/** Somebody has set these agents' skills since the change of them was begun. */
export const isLate = (draft: SkillDraft, { id, version }: SkilledAgent): boolean =>
  draft[id] !== undefined && draft[id].basedOn !== version

export const asked = (draft: SkillDraft): SetSkills['agents'] =>
  Object.entries(draft).map(([id, { basedOn, levels }]) => ({ id, basedOn, levels }))

function withChange(draft: SkillDraft, agent: SkilledAgent, { basedOn, levels }: Change): SkillDraft {
  const { [agent.id]: _dropped, ...rest } = draft
  const changed = Object.entries(levels).filter(([skill, level]) => level !== savedLevel(agent, skill))
  return changed.length === 0
    ? rest
    : { ...rest, [agent.id]: { basedOn, levels: Object.fromEntries(changed) } }
}
