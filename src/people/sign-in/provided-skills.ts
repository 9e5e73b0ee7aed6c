/** The skills that the groups of the identity provider give. */
import type { ProviderSettings } from '../../config.ts'
import type { AgentId } from '../../core/ids.ts'
import type { Database } from '../../ledger/database.ts'
import { giveSkills, setSkills, skilledAgents, type SkillLevels } from '../skills/agent-skills.ts'

/** Each skill that any group can give, at the highest level of the person's groups; 0: none of theirs gives it. */
export function skillsOfGroups(mapped: ProviderSettings['skills'], groups: readonly unknown[]): SkillLevels {
  const levels: Record<string, number> = {}
  for (const { value, skill, level } of mapped)
    levels[skill] = Math.max(levels[skill] ?? 0, groups.includes(value) ? level : 0)
  return levels
}

/**
 * At a sign-in these skills become what the groups give, and others stay as they are here. During a session they are given to
 * an agent who has never had any: what a supervisor changes holds until the next sign-in.
 */
export async function provideSkills(
  db: Database,
  account: AgentId,
  levels: SkillLevels,
  isSignIn: boolean,
): Promise<void> {
  const agent = (await skilledAgents(db)).find(({ id }) => id === account)
  if (agent === undefined || (!isSignIn && agent.version !== 0)) return
  if (agent.version === 0) {
    // Also none at all: an agent without a version would get every queue at the next change of the account.
    const given = Object.entries(levels).filter(([, level]) => level > 0)
    return giveSkills(db, account, new Map(given))
  }
  const changes = [{ agent: account, basedOn: agent.version, levels }]
  // A change that somebody makes in the same moment stays.
  await setSkills(db, { changes, reason: '', by: null })
}
