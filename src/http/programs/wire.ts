/** Tokens of other programs, for administrators. */
import { Type, type Static } from 'typebox'
import { requestsPerMinute, scopes, tokenDaysMax } from '../../people/programs/scopes.ts'
import { Described, Id, Nullable, Person, Time } from '../wire.ts'

export { requestsPerMinute, scopes, tokenDaysMax }

export const ProgramScope = Type.Enum([...scopes])

export const ProgramTokenItem = Described(
  "A program's token, without its secret, which was shown once.",
  Type.Object({
    id: Type.Integer(),
    program: Type.String({ examples: ['CRM'] }),
    account: Described('The account in whose name the program asks.', Person),
    scopes: Type.Array(ProgramScope),
    perMinute: Described(
      'The requests that are answered in a minute, by all nodes together.',
      Type.Integer(),
    ),
    refusedLastDay: Described(
      'Requests beyond that within the last 24 hours; null: not known now.',
      Nullable(Type.Integer()),
    ),
    madeAt: Time,
    madeBy: Type.String(),
    expiresAt: Time,
    lastUsedAt: Described('To the minute; null: never.', Nullable(Time)),
    acceptedAt: Described(
      'By the person; null: not yet, or their roles have changed since. It opens nothing then.',
      Nullable(Time),
    ),
    endedAt: Nullable(Time),
    accountClosed: Described('The account is closed: the token opens nothing.', Type.Boolean()),
  }),
)
export type ProgramTokenItem = Static<typeof ProgramTokenItem>

export const ProgramTokenList = Type.Object({ items: Type.Array(ProgramTokenItem) })
export type ProgramTokenList = Static<typeof ProgramTokenList>

export const NewProgramToken = Type.Object({
  program: Type.String({ minLength: 1, maxLength: 80, pattern: '\\S', examples: ['CRM'] }),
  account: Id,
  scopes: Type.Array(ProgramScope, { minItems: 1, maxItems: scopes.length, uniqueItems: true }),
  days: Described('How long it serves.', Type.Integer({ minimum: 1, maximum: tokenDaysMax })),
  perMinute: Type.Optional(
    Described(
      `The requests that are answered in a minute; ${requestsPerMinute.usual} where it is left out.`,
      Type.Integer({ minimum: requestsPerMinute.fewest, maximum: requestsPerMinute.most }),
    ),
  ),
})
export type NewProgramToken = Static<typeof NewProgramToken>

export const EnteredProgramToken = Described(
  'A token without a secret, which is made when the person accepts it.',
  Type.Object({ id: Type.Integer() }),
)
export type EnteredProgramToken = Static<typeof EnteredProgramToken>

export const ProgramSecret = Described(
  'The token itself, which no later answer contains.',
  Type.Object({ token: Type.String({ examples: ['lin_…'] }) }),
)
export type ProgramSecret = Static<typeof ProgramSecret>

export const ProgramTokenParams = Type.Object({
  id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
})
