/** The city hall's name and arms, which the public pages show too. */
import { Type, type Static } from 'typebox'
import { Described, Nullable } from '../wire.ts'

export const CityHallFace = Type.Object({
  name: Type.String(),
  arms: Described(
    'The address of the picture; it changes with the picture. Null: there is none.',
    Nullable(Type.String()),
  ),
})
export type CityHallFace = Static<typeof CityHallFace>

export const ArmsQuery = Type.Object({
  version: Type.Optional(
    Described('Tells an old picture in a cache from the new one.', Type.String({ maxLength: 64 })),
  ),
})
