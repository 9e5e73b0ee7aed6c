/** The configuration of the line, and its published versions. */
import { Type, type Static, type TProperties } from 'typebox'
import { waitBounds } from '../../core/call-arrival.ts'
import { configurationFaultCodes } from '../../core/configuration/check.ts'
import { languages, menuKeys } from '../../core/configuration/menu.ts'
import { callOutCallers } from '../../core/configuration/outbound-dry-run.ts'
import {
  Configuration,
  OutboundSetting,
  OverflowSetting,
  menuTextMax,
} from '../../core/configuration/schema.ts'
import { callOutRefusals } from '../../core/phone-number.ts'
import { answersAt } from '../../core/rules.ts'
import { SkillWarning } from '../skills/wire.ts'
import { Described, Nullable, Problem, Time } from '../wire.ts'

export const reasonMax = 200
export const versionsMax = 200
const Version = Type.Integer({ minimum: 0, maximum: 2_147_483_647 })

const version = {
  id: Described('0: as installed.', Type.Integer()),
  publishedAt: Described('Null: as installed.', Nullable(Time)),
  by: Described('Null: the installation, the command line or the demo.', Nullable(Type.String())),
  reason: Described(
    'Empty: none was given, or it has been deleted at the end of its retention.',
    Type.String(),
  ),
}

export const ConfigurationVersion = Type.Object(version)
export type ConfigurationVersion = Static<typeof ConfigurationVersion>

export const PublishedConfiguration = Type.Object({ ...version, document: Configuration })
export type PublishedConfiguration = Static<typeof PublishedConfiguration>

export const ConfigurationInForce = Type.Object({
  ...version,
  document: Configuration,
  serverOutbound: Described(
    'The settings `OUTBOUND_…` of the server: in force without `outbound` in the document, and the bound of numbers abroad with it.',
    OutboundSetting,
  ),
  serverAnswer: Described(
    'The setting `ANSWER` of the server: when the calls to numbers without their own `answer` are answered.',
    Type.Enum([...answersAt]),
  ),
})
export type ConfigurationInForce = Static<typeof ConfigurationInForce>

export const ConfigurationVersionsQuery = Described(
  '`GET /api/configuration/versions`; `before`: an id, for the next page.',
  Type.Object({
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: versionsMax })),
    before: Type.Optional(Version),
  }),
)
export const ConfigurationVersions = Described(
  'Newest first. `next`: the `before` of the next page; null on the last one.',
  Type.Object({
    items: Type.Array(ConfigurationVersion),
    next: Nullable(Type.Integer()),
  }),
)
export type ConfigurationVersions = Static<typeof ConfigurationVersions>
export const ConfigurationVersionParams = Type.Object({ id: Version })

export const ConfigurationFault = Type.Object(
  {
    at: Type.String({ description: 'The place in the document, such as `numbers[0].queue`' }),
    code: Type.Enum([...configurationFaultCodes]),
    value: Type.String({ description: 'As it was given' }),
  },
  { title: 'ConfigurationFault' },
)
export const ConfigurationChange = Type.Object(
  {
    at: Type.String({ description: 'List, id, field: `queues.taxe.levelMin`' }),
    before: Type.Optional(Type.Unknown({ description: 'Absent: it was added' })),
    after: Type.Optional(Type.Unknown({ description: 'Absent: it was removed' })),
  },
  { title: 'ConfigurationChange' },
)

export const ConfigurationToCheck = Described(
  '`POST /api/configuration/check`: nothing is saved.',
  Type.Object({ document: Configuration }),
)
export const CheckedConfiguration = Described(
  '`warnings`, `hoursNeverOpen` and `menusNeverHeard` do not prevent a publication. `changes`: to the version in force.',
  Type.Object({
    faults: Type.Array(ConfigurationFault),
    warnings: Type.Array(SkillWarning),
    hoursNeverOpen: Described(
      'Ids of hours by which nothing opens within 60 days, holidays and declared days included; without those that are so in force.',
      Type.Array(Type.String()),
    ),
    menusNeverHeard: Described(
      'Menus of numbers without their own `answer`, where the setting `ANSWER` of the server is `agent`, so that no key gets through.',
      Type.Array(Type.Object({ number: Type.String(), menu: Type.String({ description: 'Its id' }) })),
    ),
    changes: Type.Array(ConfigurationChange),
  }),
)

export type CheckedConfiguration = Static<typeof CheckedConfiguration>

const heard = Type.String({ description: 'In words; a recording may differ.' })
const dryRunStep = <Name extends string, Properties extends TProperties>(
  step: Name,
  description: string,
  properties: Properties,
) => Type.Object({ step: Type.Literal(step), ...properties }, { description })
export const DryRunStep = Type.Union(
  [
    dryRunStep('unknown number', 'No number of the city', { number: Type.String() }),
    dryRunStep('busy', 'The busy tone: the caller is blocked', {}),
    dryRunStep('closed', 'The call ends after it', { opensAt: Nullable(Time), says: heard }),
    dryRunStep(
      'callback while closed',
      'Closed; a caller whose number can be called may choose by key to be called back by this queue',
      { opensAt: Time, says: heard, queue: Type.String(), name: Type.String() },
    ),
    dryRunStep('voicemail', 'Closed; the caller may leave a message in this queue', {
      opensAt: Nullable(Time),
      says: heard,
      queue: Type.String(),
      name: Type.String(),
    }),
    dryRunStep('voicemail by key', 'The caller may leave a message in this queue', {
      language: Type.Enum([...languages]),
      says: heard,
      queue: Type.String(),
      name: Type.String(),
    }),
    dryRunStep('open', '`closesAt` null: always open', { closesAt: Nullable(Time) }),
    dryRunStep(
      'not answered',
      'The network is told once an agent answers, or after so long: the wait is free, and no key gets through',
      {
        seconds: Type.Integer(),
        menu: Nullable(
          Type.String({
            description: 'The id of the number’s menu, which is therefore never heard; null: none',
          }),
        ),
      },
    ),
    dryRunStep('greeting', 'The number’s own, or that of the line, which says that calls are recorded', {
      says: heard,
    }),
    dryRunStep('menu', '`isWrongKey`: after a short tone, because the key has no meaning', {
      menu: Type.String({ description: 'Its id' }),
      language: Type.Enum([...languages]),
      says: heard,
      isWrongKey: Type.Boolean(),
    }),
    dryRunStep('key', 'Null: none within five seconds', { key: Nullable(Type.Enum([...menuKeys])) }),
    dryRunStep('queue', 'Where the caller waits for a person', { queue: Type.String(), name: Type.String() }),
    dryRunStep(
      'notice',
      'A notice to callers that is in force as they begin to wait, heard at once; in Romanian',
      { says: heard },
    ),
    dryRunStep(
      'own announcement',
      'Between the music, in turn with the others and with the place and the estimate',
      {
        firstAfterSeconds: Type.Integer({ description: 'In the queue' }),
        everySeconds: Type.Integer({ description: 'From the beginning of an announcement to the next one' }),
        language: Type.Enum([...languages]),
        says: heard,
      },
    ),
    dryRunStep('overflow', 'When a bound of that queue is reached, the first of these', {
      ...OverflowSetting.properties,
      name: Type.String({ description: 'Of the queue in which the caller, or the message, is then' }),
      says: Type.Optional(heard),
    }),
    dryRunStep('callback question', 'Where the caller’s number can be called', {
      afterSeconds: Type.Integer({ description: 'In the queue' }),
      language: Type.Enum([...languages]),
      says: heard,
    }),
    dryRunStep('waited too long', 'Whom nobody has answered by then; the call ends after it', {
      at: Time,
      by: Type.Enum([...waitBounds], {
        description:
          '`closing`: its time with the minutes that callers are served after it; `longest wait`: `WAIT_MAX_MS`',
      }),
      language: Type.Enum([...languages]),
      says: heard,
    }),
  ],
  { title: 'DryRunStep' },
)
export type DryRunStep = Static<typeof DryRunStep>

/** More than a call is read menus. */
const keysMax = 60
export const DryRunRequest = Described(
  '`POST /api/configuration/dry-run`: nothing is saved, and no call is made.',
  Type.Object({
    document: Type.Optional(Described('Absent: the version in force.', Configuration)),
    number: Type.String({ minLength: 1, maxLength: 20, description: 'In any of its forms' }),
    at: Time,
    keys: Type.Array(Nullable(Type.Enum([...menuKeys])), {
      maxItems: keysMax,
      description: 'One for each time that a menu is heard; null, and after the last one: none',
    }),
    isBlocked: Type.Optional(Type.Boolean({ description: 'As if the caller’s number were blocked' })),
  }),
)
export type DryRunRequest = Static<typeof DryRunRequest>
export const DryRun = Described(
  'What the caller meets, in order: the same state machine leads callers.',
  Type.Object({ steps: Type.Array(DryRunStep) }),
)
export type DryRun = Static<typeof DryRun>

export const OutboundDryRunRequest = Described(
  '`POST /api/configuration/outbound-dry-run`: nothing is saved, and no call is made.',
  Type.Object({
    document: Type.Optional(Described('Absent: the version in force.', Configuration)),
    number: Type.String({ minLength: 1, maxLength: 40, description: 'As an agent types it' }),
    by: Type.Enum([...callOutCallers], { description: 'A supervisor: an agent who is one as well' }),
    isReturning: Type.Optional(
      Type.Boolean({ description: 'Back to the number of a call or a request; absent: it is typed' }),
    ),
  }),
)
export type OutboundDryRunRequest = Static<typeof OutboundDryRunRequest>
export const OutboundDryRun = Described(
  'Judged as an agent’s own call is, as the first one of its hour.',
  Type.Union([
    Type.Object({
      verdict: Type.Literal('allowed'),
      number: Type.String({ description: 'As it is kept' }),
      dialled: Type.String({ description: 'As the provider gets it' }),
      allowedBy: Type.String({ description: 'The number or the beginning of the rules that has it' }),
    }),
    Type.Object({
      verdict: Type.Literal('refused'),
      refusal: Type.Enum([...callOutRefusals]),
      maySupervisor: Type.Boolean({ description: 'A supervisor may make the same call' }),
    }),
  ]),
)
export type OutboundDryRun = Static<typeof OutboundDryRun>

export const TextSampleRequest = Described(
  '`POST /api/configuration/sample`',
  Type.Object({
    language: Type.Enum([...languages]),
    text: Type.String({ minLength: 1, maxLength: menuTextMax, pattern: '\\S' }),
  }),
)
export type TextSampleRequest = Static<typeof TextSampleRequest>

export const NewConfigurationVersion = Described(
  '`POST /api/configuration/versions`. `basedOn`: the version that was changed.',
  Type.Object({
    document: Configuration,
    basedOn: Version,
    reason: Type.String({ minLength: 1, maxLength: reasonMax }),
  }),
)
export type NewConfigurationVersion = Static<typeof NewConfigurationVersion>

export const FaultyConfiguration = Described(
  'The document has faults, and is not published.',
  Type.Intersect([Problem, Type.Object({ faults: Type.Array(ConfigurationFault) })]),
)
