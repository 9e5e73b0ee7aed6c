/** The skills of agents: the matrix, its changes and its versions. */
import { Type, type Static } from 'typebox'
import { skillWarningCodes } from '../../core/configuration/skills.ts'
import { Described, Nullable, Person, Time } from '../wire.ts'

export const skillReasonMax = 200
export const skillVersionsMax = 200
/** Of one change; a city has no more agents. */
const changesMax = 2_000
const Version = Type.Integer({ minimum: 0, maximum: 2_147_483_647 })
export const usableSkill = '^[a-z][a-z0-9-]{0,39}$'

export const SkillLevels = Described(
  'Skill → level 1–5. A skill that is not there: the agent does not have it.',
  Type.Record(Type.String(), Type.Integer()),
)

export const SkilledAgent = Type.Object({
  id: Type.String(),
  name: Type.String(),
  version: Described('The newest version of these levels; 0: there is none yet.', Type.Integer()),
  levels: SkillLevels,
})
export type SkilledAgent = Static<typeof SkilledAgent>

export const SkillWarning = Type.Object({
  code: Described(
    '`queue without agents`: nobody has its skill at its least level, so nobody can serve its callers. `skill without queue`: no queue asks for it. `queue without ageing`, of a configuration that is checked: it has no `ageingSeconds`, while queues that share its agents do.',
    Type.Enum([...skillWarningCodes]),
  ),
  skill: Type.String(),
  queue: Described('Its id; null for a skill without a queue.', Nullable(Type.String())),
})
export type SkillWarning = Static<typeof SkillWarning>

/** `GET /api/skills` */
export const SkillMatrix = Type.Object({
  skills: Described(
    'Every skill for which a queue asks or that an agent has: those of queues first, in their order.',
    Type.Array(Type.String()),
  ),
  queues: Type.Array(
    Type.Object({ id: Type.String(), name: Type.String(), skill: Type.String(), levelMin: Type.Integer() }),
  ),
  agents: Described('By name.', Type.Array(SkilledAgent)),
  warnings: Type.Array(SkillWarning),
})
export type SkillMatrix = Static<typeof SkillMatrix>

/** `PUT /api/skills`: all agents of it, or none. */
export const SetSkills = Type.Object({
  agents: Type.Array(
    Type.Object({
      id: Type.String({ minLength: 1, maxLength: 64 }),
      basedOn: Described('The `version` that was seen.', Version),
      levels: Described(
        'The skills that change: skill → level; 0: the agent has it no more. The others stay.',
        Type.Record(Type.String({ pattern: usableSkill }), Type.Integer({ minimum: 0, maximum: 5 }), {
          additionalProperties: false,
          minProperties: 1,
          maxProperties: 100,
        }),
      ),
    }),
    { minItems: 1, maxItems: changesMax },
  ),
  reason: Type.String({ minLength: 1, maxLength: skillReasonMax, pattern: '\\S' }),
})
export type SetSkills = Static<typeof SetSkills>

export const SkillVersionsQuery = Described(
  '`GET /api/skills/versions`; `before`: an id, for the next page.',
  Type.Object({
    agent: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: skillVersionsMax })),
    before: Type.Optional(Version),
  }),
)
export const SkillVersion = Type.Object({
  id: Type.Integer(),
  agent: Person,
  at: Time,
  by: Described(
    'Null: the installation, the command line, the identity provider or the demo.',
    Nullable(Type.String()),
  ),
  reason: Described(
    'Empty: none was given, or it has been deleted at the end of its retention.',
    Type.String(),
  ),
  before: SkillLevels,
  after: SkillLevels,
})
export type SkillVersion = Static<typeof SkillVersion>

export const SkillVersions = Described(
  'Newest first. `next`: the `before` of the next page; null on the last one.',
  Type.Object({ items: Type.Array(SkillVersion), next: Nullable(Type.Integer()) }),
)
export type SkillVersions = Static<typeof SkillVersions>
