/** Question and answer between nodes about the owner's trunk. */
import { Type, type Static } from 'typebox'

export const TrunkQuestion = Type.Object({ ask: Type.Enum(['state', 'test']) })
export type TrunkQuestion = Static<typeof TrunkQuestion>

const MaybeNumber = Type.Union([Type.Number(), Type.Null()])
/** `state` or `answers`, as was asked. */
export const TrunkReply = Type.Object({
  node: Type.String(),
  state: Type.Union([
    Type.Object({
      parts: Type.Array(
        Type.Object({
          name: Type.String(),
          works: Type.Union([Type.Boolean(), Type.Null()]),
          refused: Type.Boolean(),
          roundTripMs: MaybeNumber,
          since: Type.Number(),
        }),
      ),
      inForce: Type.Union([
        Type.Object({
          codecs: Type.Array(Type.String()),
          transport: Type.String(),
          keys: Type.String(),
          account: Type.Union([
            Type.Object({ server: Type.String(), user: Type.String(), hasPassword: Type.Boolean() }),
            Type.Null(),
          ]),
        }),
        Type.Null(),
      ]),
    }),
    Type.Null(),
  ]),
  answers: Type.Union([
    Type.Array(Type.Object({ name: Type.String(), roundTripMs: MaybeNumber })),
    Type.Null(),
  ]),
})
export type TrunkReply = Static<typeof TrunkReply>
