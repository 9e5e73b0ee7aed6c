/** A callback asked for on the public page, as a node sends it to the owner. */
import { Type, type Static } from 'typebox'
import { lineLanguages } from '../../core/configuration/menu.ts'
import type { QueueId } from '../../core/ids.ts'
import type { AskedOnPage } from '../../core/announcements/page-callback.ts'
import { Nullable } from '../wire.ts'

export const AskedOnPageBody = Type.Object({
  request: Type.String({ maxLength: 60 }),
  number: Type.String({ maxLength: 60 }),
  queue: Nullable(Type.Unsafe<QueueId>(Type.String({ maxLength: 60 }))),
  language: Type.Enum([...lineLanguages]),
  mayBegin: Type.Boolean(),
})

type Same<One, Other> = [One, Other] extends [Other, One] ? true : false
true satisfies Same<Static<typeof AskedOnPageBody>, AskedOnPage>
