/** The outside systems, for administrators. */
import { Type, type Static } from 'typebox'
import {
  connectionCauses,
  connectionIds,
  connectionStates,
  documentParts,
  retentionTerms,
  triedConnections,
} from '../../city/connections/connection.ts'
import { Described, Nullable, Time } from '../wire.ts'

export { connectionCauses, connectionIds, connectionStates, documentParts, retentionTerms, triedConnections }

export const ConnectionName = Described('An outside system.', Type.Enum([...connectionIds]))
export type ConnectionName = Static<typeof ConnectionName>
export const TriedConnectionName = Described(
  'An outside system that is tried by a test.',
  Type.Enum([...triedConnections]),
)
export type TriedConnectionName = Static<typeof TriedConnectionName>
export const ConnectionCause = Described('What is wrong.', Type.Enum([...connectionCauses]))
export type ConnectionCause = Static<typeof ConnectionCause>

const Status = Described('The HTTP status of the answer, for `refused`.', Nullable(Type.Integer()))
const Part = Described(
  'Which address of the document system; null: another system.',
  Nullable(Type.Enum([...documentParts])),
)
const ReadOnly = Described(
  'Fiscal database: whether its login can write nothing. Null: not known, or another system.',
  Nullable(Type.Boolean()),
)
const TookMs = Described(
  'Until the answer; of the trunk the round trip of the quickest host.',
  Type.Number({ minimum: 0 }),
)
const Outcome = Type.Enum(['works', 'fails'])
const RoundTrip = Described(
  'From Asterisk to the host and back, in milliseconds; null: no answer.',
  Nullable(Type.Number()),
)

export const LastConnectionTest = Described(
  'The last test by an administrator.',
  Type.Object({
    at: Time,
    by: Described("The administrator's name.", Type.String()),
    outcome: Outcome,
    cause: Nullable(ConnectionCause),
    status: Status,
    part: Part,
    tookMs: TookMs,
  }),
)
export type LastConnectionTest = Static<typeof LastConnectionTest>

export const Connection = Described(
  'An outside system and its state now.',
  Type.Object({
    id: ConnectionName,
    state: Type.Enum([...connectionStates]),
    since: Described('When this state was first seen; null: not known.', Nullable(Time)),
    node: Described('The node that sees it so.', Type.String()),
    address: Described(
      'Without user, password and path; null: the settings name none.',
      Nullable(Type.String({ examples: ['https://documente.primaria.example'] })),
    ),
    cause: Described('Of a failure; null: it does not fail.', Nullable(ConnectionCause)),
    status: Status,
    goodAt: Described('When it answered last; null: not known.', Nullable(Time)),
    badAt: Described('When it failed last; null: not known.', Nullable(Time)),
    settings: Described('The settings that name it; empty: another page does.', Type.Array(Type.String())),
    guide: Described(
      'The page of the documentation about it.',
      Type.String({ examples: ['docs/guides/trunk.md'] }),
    ),
    lastTest: Described('Null: none yet, or not known.', Nullable(LastConnectionTest)),
  }),
)
export type Connection = Static<typeof Connection>

export const TrunkHost = Described(
  'A host of the provider to which calls leave.',
  Type.Object({
    name: Type.String({ examples: ['sip.furnizor.example'] }),
    works: Described('Whether it answers an OPTIONS; null: not asked yet.', Nullable(Type.Boolean())),
    roundTripMs: RoundTrip,
    since: Time,
  }),
)
export type TrunkHost = Static<typeof TrunkHost>

export const TrunkSettings = Described(
  'The settings of the trunk as they are in force.',
  Type.Object({
    accepts: Described('Addresses and networks from which calls are taken.', Type.Array(Type.String())),
    hosts: Described('Where calls leave, in this order.', Type.Array(TrunkHost)),
    registration: Described(
      'Null: the provider requires none, or it is not known.',
      Nullable(
        Type.Object({
          server: Type.String(),
          user: Type.String(),
          hasPassword: Described('The password itself is shown nowhere.', Type.Boolean()),
          state: Type.Enum(['registered', 'refused', 'not registered']),
          since: Nullable(Time),
        }),
      ),
    ),
    transport: Described(
      'Null: Asterisk, or the owner, does not answer.',
      Nullable(Type.String({ examples: ['udp'] })),
    ),
    codecs: Described('As Asterisk offers them, in this order.', Type.Array(Type.String())),
    keys: Described("How callers' keys arrive.", Nullable(Type.String({ examples: ['rfc4733'] }))),
    publicAddress: Described('The address behind a router; null: there is none.', Nullable(Type.String())),
    numbers: Described('Numbers of the city that the trunk brings.', Type.Array(Type.String())),
  }),
)
export type TrunkSettings = Static<typeof TrunkSettings>

export const WaitingDeliveries = Described(
  'Messages that the document system has not taken yet.',
  Type.Object({
    unsent: Described('Null: not known.', Nullable(Type.Integer())),
    late: Described('For over two hours; null: not known.', Nullable(Type.Integer())),
    givenUp: Described('Tried for a week; null: not known.', Nullable(Type.Integer())),
    oldestAt: Described('When the oldest was written; null: none waits, or not known.', Nullable(Time)),
    looksUp: Described('Whether papers are looked up there too.', Type.Boolean()),
  }),
)
export type WaitingDeliveries = Static<typeof WaitingDeliveries>

export const RetentionTermView = Described(
  'How long one kind is kept.',
  Type.Object({
    term: Type.Enum([...retentionTerms]),
    days: Type.Integer(),
    setting: Described('The setting that changes it.', Type.String({ examples: ['RETENTION_AUDIO_DAYS'] })),
    dueInWeek: Described(
      'Recordings or rows that end within seven days; null: not counted.',
      Nullable(Type.Integer()),
    ),
  }),
)
export type RetentionTermView = Static<typeof RetentionTermView>

/** `GET /api/connections` */
export const Connections = Type.Object({
  node: Described('The node that answers.', Type.String()),
  recordKnown: Described(
    'False: PostgreSQL is away, so the last tests, the counts and the runs of retention are null.',
    Type.Boolean(),
  ),
  items: Type.Array(Connection),
  trunk: TrunkSettings,
  documents: WaitingDeliveries,
  fiscal: Type.Object({ readOnly: ReadOnly }),
  asterisk: Type.Object({
    owner: Described('The node that runs the ACD; null: none.', Nullable(Type.String())),
    standby: Described('A second Asterisk stands by.', Type.Boolean()),
  }),
  webhooks: Type.Object({
    receivers: Described('Null: not known.', Nullable(Type.Integer())),
    unsent: Described('Null: not known.', Nullable(Type.Integer())),
    late: Described('Null: not known.', Nullable(Type.Integer())),
  }),
  retention: Type.Object({
    terms: Type.Array(RetentionTermView),
    deletes: Described('False: another system deletes values; only recordings end here.', Type.Boolean()),
    countedAt: Described('Of the counts; null: they are being made.', Nullable(Time)),
    doneAt: Described(
      'When the last run began that ended everything; null: none did, or not known.',
      Nullable(Time),
    ),
    failed: Described(
      'The last run was refused, or could not end everything; null: not known.',
      Nullable(Type.Boolean()),
    ),
  }),
})
export type Connections = Static<typeof Connections>

/** `POST /api/connections/:id/test` */
export const ConnectionParams = Type.Object({ id: TriedConnectionName })
export const ConnectionTest = Described(
  'The outcome of a test, which is in the journal.',
  Type.Object({
    id: TriedConnectionName,
    node: Described('The node that asked.', Type.String()),
    outcome: Outcome,
    cause: Nullable(ConnectionCause),
    status: Status,
    part: Part,
    tookMs: TookMs,
    readOnly: ReadOnly,
    hosts: Described(
      'Trunk: each host and its answer; empty for other systems.',
      Type.Array(Type.Object({ name: Type.String(), roundTripMs: RoundTrip })),
    ),
  }),
)
export type ConnectionTest = Static<typeof ConnectionTest>
