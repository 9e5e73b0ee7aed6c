/** The directory's content: read from the database, or from its last good copy. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { sql } from 'kysely'
import { Type, type Static } from 'typebox'
import { Value } from 'typebox/value'
import type { CallerNotice } from '../core/announcements/caller-notice.ts'
import type { CallerBlock } from '../core/blocked-callers/caller-block.ts'
import type { Contact } from '../core/contact.ts'
import type { PauseName } from '../core/configuration/pauses.ts'
import { Configuration } from '../core/configuration/schema.ts'
import { cityLine } from '../core/phone-number.ts'
import { AgentId, ContactId, QueueId } from '../core/ids.ts'
import type { AgentProfile, PhoneEpochs } from '../core/queue.ts'
import { newestConfiguration, pauseNames } from '../ledger/configuration/versions.ts'
import type { Database } from '../ledger/database.ts'
import { unlessMissing } from '../missing-file.ts'
import { firstEpochs } from './phone-epochs.ts'
import { blocksInForce } from './blocked-callers/caller-blocks.ts'
import { heldCallerNotices } from './caller-notices/caller-notices.ts'
import { contacts } from './contacts.ts'
import { declaredDays, type DeclaredDay } from './declared-days.ts'

export interface DirectoryContent {
  readonly agents: readonly AgentProfile[]
  readonly configuration: Configuration
  /** Of all published versions. */
  readonly pauseNames: readonly PauseName[]
  readonly days: readonly DeclaredDay[]
  readonly contacts: readonly Contact[]
  /** In force now, or until lately. */
  readonly blocks: readonly CallerBlock[]
  /** Those that are not over, or were not lately, in the order in which they were published. */
  readonly notices: readonly CallerNotice[]
}

export const emptyContent: DirectoryContent = {
  agents: [],
  // Without numbers: it is not known.
  configuration: { numbers: [], queues: [], hours: [] },
  pauseNames: [],
  days: [],
  contacts: [],
  blocks: [],
  notices: [],
}

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
      const { document } = await newestConfiguration(trx)
      return {
        agents: agents.map(({ phoneEpochs, isAgent, skills, ...agent }) => ({
          ...agent,
          // The skills of an account that is no agent any more take effect with the role.
          skills: isAgent ? (skills ?? {}) : {},
          ...(isAgent ? {} : { isAgent }),
          phoneEpochs: phoneEpochs ?? firstEpochs,
        })),
        configuration: document,
        pauseNames: await pauseNames(trx),
        days: await declaredDays(trx),
        contacts: await contacts(trx),
        blocks: await blocksInForce(trx),
        notices: await heldCallerNotices(trx),
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
  configuration: Type.Optional(Configuration),
  // Copies of earlier versions have these two instead.
  queues: Type.Optional(
    Type.Array(
      Type.Object({
        id: Type.String(),
        name: Type.String(),
        nameEn: Type.Optional(Type.Union([Type.String(), Type.Null()])),
        skill: Type.String(),
        levelMin: Type.Integer(),
        priority: Type.Integer(),
      }),
    ),
  ),
  lines: Type.Optional(Type.Record(Type.String(), Type.String())),
  // Copies of earlier versions have no `pauseNames`, `contacts`, `blocks`, `notices` and `days`.
  pauseNames: Type.Optional(
    Type.Array(Type.Object({ id: Type.String(), name: Type.String(), nameEn: Type.Optional(Type.String()) })),
  ),
  contacts: Type.Optional(
    Type.Array(
      Type.Object({
        id: Type.String(),
        name: Type.String(),
        number: Type.String(),
        language: Type.Union([Type.String(), Type.Null()]),
      }),
    ),
  ),
  blocks: Type.Optional(
    Type.Array(
      Type.Object({
        id: Type.Integer(),
        number: Type.String(),
        from: Type.Integer(),
        until: Type.Integer(),
      }),
    ),
  ),
  notices: Type.Optional(
    Type.Array(
      Type.Object({
        id: Type.Integer(),
        text: Type.String(),
        queues: Type.Array(Type.String()),
        // Copies of earlier versions have neither: it had begun, and was heard at every hour.
        from: Type.Optional(Type.Integer()),
        daily: Type.Optional(
          Type.Union([Type.Object({ from: Type.Integer(), to: Type.Integer() }), Type.Null()]),
        ),
        until: Type.Integer(),
      }),
    ),
  ),
  days: Type.Optional(
    Type.Array(Type.Object({ date: Type.String(), closed: Type.Boolean(), reason: Type.String() })),
  ),
})

/** Atomic: a crash while writing leaves the previous copy. */
export async function writeCopy(file: string, content: DirectoryContent): Promise<void> {
  const copy: Static<typeof Copy> = {
    agents: content.agents.map((agent) => ({ ...agent, skills: { ...agent.skills } })),
    configuration: content.configuration,
    pauseNames: [...content.pauseNames],
    days: [...content.days],
    contacts: [...content.contacts],
    blocks: [...content.blocks],
    notices: content.notices.map((notice) => ({ ...notice, queues: [...notice.queues] })),
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
    configuration: copy.configuration ?? olderConfiguration(copy),
    pauseNames: copy.pauseNames ?? [],
    days: copy.days ?? [],
    contacts: (copy.contacts ?? []).map((one) => ({ ...one, id: ContactId(one.id) })),
    blocks: copy.blocks ?? [],
    notices: (copy.notices ?? []).map(({ from = 0, daily = null, ...one }) => ({
      ...one,
      from,
      daily,
      queues: one.queues.map(QueueId),
    })),
  }
}

function olderConfiguration({ queues = [], lines = {} }: Static<typeof Copy>): Configuration {
  return {
    numbers: Object.entries(lines).map(([number, queue]) => ({
      number,
      also: number === cityLine ? ['0256969'] : [],
      name: number,
      queue,
    })),
    queues: queues.map(({ nameEn, ...queue }) => (nameEn ? { ...queue, nameEn } : queue)),
    hours: [],
  }
}
