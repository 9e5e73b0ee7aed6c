/** The skills of agents: which queues an agent serves, and how well. Each change is a further version of the agent's. */
import { sql } from 'kysely'
import { everyQueue } from '../../core/configuration/skills.ts'
import type { AgentId, Millis } from '../../core/ids.ts'
import { newestConfiguration } from '../../ledger/configuration/versions.ts'
import type { Database } from '../../ledger/database.ts'
import { addFreeText } from '../../ledger/retention/free-texts.ts'

/** Skill → level 1–5. */
export type SkillLevels = Readonly<Record<string, number>>

export interface SkilledAgent {
  readonly id: AgentId
  readonly name: string
  /** The newest version; 0: there is none yet. */
  readonly version: number
  readonly levels: SkillLevels
}

export interface SkillChange {
  readonly agent: AgentId
  /** The version of the agent's that is changed; 0: there is none yet. */
  readonly basedOn: number
  /** The skills that change; 0: the agent has the skill no more. */
  readonly levels: Readonly<Record<string, number>>
}

export interface SkillChanges {
  readonly changes: readonly SkillChange[]
  readonly reason: string
  /** Null: the identity provider. */
  readonly by: AgentId | null
}

export type SkillsSet =
  | { readonly ok: true; readonly agents: number }
  | { readonly ok: false; readonly why: 'unknown agent' }
  /** Somebody has changed this agent's skills since `basedOn`. */
  | { readonly ok: false; readonly why: 'changed meanwhile'; readonly agent: AgentId }

export interface SkillVersion {
  readonly id: number
  readonly agent: { readonly id: AgentId; readonly name: string }
  readonly at: Millis
  /** Null: the installation, the command line, the identity provider or the demo. */
  readonly byName: string | null
  /** Empty: none was given, or retention has deleted it. */
  readonly reason: string
  readonly before: SkillLevels
  readonly after: SkillLevels
}

/** The agents whose accounts are open, by name. */
export function skilledAgents(db: Database): Promise<SkilledAgent[]> {
  return db
    .selectFrom('current_accounts as agent')
    .leftJoin(newestVersions(db), (join) => join.onRef('newest.account', '=', 'agent.id'))
    .select([
      'agent.id',
      'agent.name',
      sql<number>`coalesce(newest.id, 0)`.as('version'),
      sql<SkillLevels>`coalesce(newest.skills, '{}')`.as('levels'),
    ])
    .where('agent.closed_at', 'is', null)
    .where(sql<boolean>`'agent' = any(agent.roles)`)
    .orderBy('agent.name')
    .orderBy('agent.id')
    .execute()
}

/** Sets all of them, or none. An agent whose levels are those already gets no further version. */
export async function setSkills(db: Database, { changes, reason, by }: SkillChanges): Promise<SkillsSet> {
  return db
    .transaction()
    .execute(async (trx): Promise<SkillsSet> => {
      const known = new Map((await skilledAgents(trx)).map((agent) => [agent.id, agent]))
      const asked = changes.flatMap((change) => {
        const agent = known.get(change.agent)
        return agent === undefined ? [] : [{ ...change, agent }]
      })
      if (asked.length < changes.length) return { ok: false, why: 'unknown agent' }
      const late = asked.find(({ agent, basedOn }) => agent.version !== basedOn)
      if (late !== undefined) return { ok: false, why: 'changed meanwhile', agent: late.agent.id }
      const rows = asked
        .map(({ agent, levels }) => ({ agent, after: changedLevels(agent.levels, levels) }))
        .filter(({ agent, after }) => !sameLevels(agent.levels, after))
        // Always in this order: two changes of several agents never wait for each other.
        .toSorted((one, other) => (one.agent.id < other.agent.id ? -1 : 1))
      for (const { agent, after } of rows) {
        const written = await addVersion(trx, {
          account: agent.id,
          basedOn: agent.version,
          skills: after,
          reason,
          by,
        })
        if (!written) throw new ChangedMeanwhile(agent.id)
      }
      return { ok: true, agents: rows.length }
    })
    .catch(refusedWhole)
}

/** Rolls the transaction back. */
class ChangedMeanwhile extends Error {
  readonly agent: AgentId
  constructor(agent: AgentId) {
    super('changed meanwhile')
    this.agent = agent
  }
}

function refusedWhole(error: unknown): SkillsSet {
  if (error instanceof ChangedMeanwhile) return { ok: false, why: 'changed meanwhile', agent: error.agent }
  throw error
}

/** Newest first, those before `before`; of one agent or of all. */
export async function skillVersions(
  db: Database,
  question: { readonly agent: AgentId | null; readonly before: number | null; readonly limit: number },
): Promise<SkillVersion[]> {
  const { agent, before, limit } = question
  const all = db
    .selectFrom('agent_skill_versions as version')
    .innerJoin('current_accounts as agent', 'agent.id', 'version.account')
    .leftJoin('agent_skill_versions as previous', 'previous.id', 'version.based_on')
    .leftJoin('free_texts as said', 'said.digest', 'version.reason_digest')
    .leftJoin('current_accounts as author', 'author.id', 'version.by')
    .select([
      'version.id',
      'agent.id as agent',
      'agent.name',
      'version.recorded_at as at',
      'author.name as byName',
      sql<string>`coalesce(said.text, '')`.as('reason'),
      sql<SkillLevels>`coalesce(previous.skills, '{}')`.as('before'),
      'version.skills as after',
    ])
    .orderBy('version.id', 'desc')
    .limit(limit)
  const ofAgent = agent === null ? all : all.where('version.account', '=', agent)
  const rows = await (before === null ? ofAgent : ofAgent.where('version.id', '<', before)).execute()
  return rows.map(({ agent: id, name, ...version }) => ({ ...version, agent: { id, name } }))
}

/** A new agent serves every queue, at its lowest level. An agent who has ever had skills is left unchanged. */
export async function serveEveryQueue(
  db: Database,
  account: AgentId,
  by: AgentId | null = null,
): Promise<void> {
  const { document } = await newestConfiguration(db)
  const levels = everyQueue(document.queues)
  if (levels.size > 0) await giveSkills(db, account, levels, by)
}

/** Of a new agent; one who has ever had skills is left unchanged. @param skills skill → level; empty: none, on purpose */
export async function giveSkills(
  db: Database,
  account: AgentId,
  skills: ReadonlyMap<string, number>,
  by: AgentId | null = null,
): Promise<void> {
  if (await hasVersion(db, account)) return
  // Two administrators may do this at once.
  await addVersion(db, { account, basedOn: 0, skills: Object.fromEntries(skills), reason: '', by })
}

const hasVersion = async (db: Database, account: AgentId): Promise<boolean> =>
  (await db
    .selectFrom('agent_skill_versions')
    .select('id')
    .where('account', '=', account)
    .limit(1)
    .executeTakeFirst()) !== undefined

interface NewVersion {
  readonly account: AgentId
  readonly basedOn: number
  readonly skills: SkillLevels
  readonly reason: string
  readonly by: AgentId | null
}

/** False: another version is based on the same one. */
async function addVersion(db: Database, version: NewVersion): Promise<boolean> {
  const { account, basedOn, skills, reason, by } = version
  const written = await db
    .insertInto('agent_skill_versions')
    .values({
      account,
      based_on: basedOn || null,
      skills: sql`${JSON.stringify(skills)}::jsonb`,
      reason_digest: await addFreeText(db, reason),
      by,
    })
    // Of two at once the second waits for the first, and then changes nothing.
    .onConflict((conflict) => conflict.columns(['account', 'based_on']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return written !== undefined
}

const newestVersions = (db: Database) =>
  db
    .selectFrom('agent_skill_versions')
    .distinctOn('account')
    .select(['account', 'id', 'skills'])
    .orderBy('account')
    .orderBy('id', 'desc')
    .as('newest')

function changedLevels(before: SkillLevels, change: SkillLevels): SkillLevels {
  return Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, level]) => level > 0))
}

const sameLevels = (one: SkillLevels, other: SkillLevels): boolean =>
  Object.keys(one).length === Object.keys(other).length &&
  Object.entries(one).every(([skill, level]) => other[skill] === level)
