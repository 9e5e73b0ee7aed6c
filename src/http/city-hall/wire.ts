/** The city hall's name and arms, which the public pages show too. */
import { Type, type Static } from 'typebox'
import { Nullable } from '../wire.ts'

export const CityHallFace = Type.Object({
  name: Type.String(),
  /** The address of the picture; it changes with the picture. Null: there is none. */
  arms: Nullable(Type.String()),
})
export type CityHallFace = Static<typeof CityHallFace>

export const ArmsQuery = Type.Object({
  /** Tells an old picture in a cache from the new one. */
  version: Type.Optional(Type.String({ maxLength: 64 })),
})
