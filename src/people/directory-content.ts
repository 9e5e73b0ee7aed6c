/** The directory's content: read from the database, or from its last good copy. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { sql } from 'kysely'
import { Type, type Static } from 'typebox'
import { Value } from 'typebox/value'
import { AgentId, QueueId } from '../core/ids.ts'
import type { AgentProfile, PhoneEpochs, Queue } from '../core/queue.ts'
import type { Database } from '../ledger/database.ts'
import { unlessMissing } from '../missing-file.ts'
import { firstEpochs } from './phone-epochs.ts'
import { declaredDays, type DeclaredDay } from './declared-days.ts'

export interface DirectoryContent {
  readonly agents: readonly AgentProfile[]
  readonly queues: readonly Queue[]
  /** Dialled number → queue. */
  readonly lines: ReadonlyMap<string, QueueId>
  readonly days: readonly DeclaredDay[]
}

export const emptyContent: DirectoryContent = { agents: [], queues: [], lines: new Map(), days: [] }

/** One consistent read. Agents are the open accounts with that role, and supervisors, whose
 * phones ring when they listen. Throws when the database is away. */
export async function readContent(db: Database): Promise<DirectoryContent> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => {
      const agents = await trx
        .selectFrom('current_accounts')
        .select((eb) => [
          'id',
          'username',
          'name',
          sql<boolean>`'agent' = any(roles)`.as('isAgent'),
          eb
            .selectFrom('agent_skills')
            .select(sql<Record<string, number>>`coalesce(jsonb_object_agg(skill, level), '{}')`.as('skills'))
            .whereRef('agent_skills.account', '=', 'current_accounts.id')
            .as('skills'),
          eb
            .selectFrom('phone_epochs')
            .select(sql<PhoneEpochs>`jsonb_build_object('web', web, 'desk', desk)`.as('epochs'))
            .whereRef('phone_epochs.account', '=', 'current_accounts.id')
            .as('phoneEpochs'),
        ])
        .where('closed_at', 'is', null)
        .where(sql<boolean>`roles && array['agent', 'supervisor']`)
        .orderBy('username')
        .execute()
      const queues = await trx
        .selectFrom('queues')
        .select(['id', 'name', 'name_en as nameEn', 'skill', 'level_min as levelMin', 'priority'])
        .orderBy('priority')
        .orderBy('id')
        .execute()
      const lines = await trx.selectFrom('lines').selectAll().orderBy('line').execute()
      return {
        agents: agents.map(({ phoneEpochs, isAgent, skills, ...agent }) => ({
          ...agent,
          // The skills of an account that is no agent any more take effect with the role.
          skills: isAgent ? (skills ?? {}) : {},
          ...(isAgent ? {} : { isAgent }),
          phoneEpochs: phoneEpochs ?? firstEpochs,
        })),
        queues,
        lines: new Map(lines.map(({ line, queue }) => [line, queue])),
        days: await declaredDays(trx),
      }
    })
}

const Copy = Type.Object({
  agents: Type.Array(
    Type.Object({
      id: Type.String(),
      username: Type.String(),
      name: Type.String(),
      skills: Type.Record(Type.String(), Type.Integer()),
      isAgent: Type.Optional(Type.Literal(false)),
      // Copies of earlier versions have none.
      phoneEpochs: Type.Optional(Type.Object({ web: Type.Integer(), desk: Type.Integer() })),
    }),
  ),
  queues: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      // Copies of earlier versions have none.
      nameEn: Type.Optional(Type.Union([Type.String(), Type.Null()])),
      skill: Type.String(),
      levelMin: Type.Integer(),
      priority: Type.Integer(),
    }),
  ),
  lines: Type.Record(Type.String(), Type.String()),
  // Copies of earlier versions have no `days`.
  days: Type.Optional(
    Type.Array(Type.Object({ date: Type.String(), closed: Type.Boolean(), reason: Type.String() })),
  ),
})

/** Atomic: a crash while writing leaves the previous copy. */
export async function writeCopy(file: string, content: DirectoryContent): Promise<void> {
  const copy: Static<typeof Copy> = {
    agents: content.agents.map((agent) => ({ ...agent, skills: { ...agent.skills } })),
    queues: [...content.queues],
    lines: Object.fromEntries(content.lines),
    days: [...content.days],
  }
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(`${file}.new`, JSON.stringify(copy, null, 2), { mode: 0o600, flush: true })
  await rename(`${file}.new`, file)
}

/** Null when there is no file; throws when it is not a valid copy. */
export async function readCopy(file: string): Promise<DirectoryContent | null> {
  const text = await readFile(file, 'utf8').catch(unlessMissing)
  if (text === undefined) return null
  const copy = Value.Parse(Copy, JSON.parse(text))
  return {
    agents: copy.agents.map((agent) => ({ ...agent, id: AgentId(agent.id) })),
    queues: copy.queues.map((queue) => ({ ...queue, id: QueueId(queue.id), nameEn: queue.nameEn ?? null })),
    lines: new Map(Object.entries(copy.lines).map(([line, queue]) => [line, QueueId(queue)])),
    days: copy.days ?? [],
  }
}
