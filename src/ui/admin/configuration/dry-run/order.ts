/** The number, the time and the keys to be tried, as they are typed. */
import { menuKeys, type MenuKey } from '../../../../core/configuration/menu.ts'
import { atLocal } from '../../../../core/local-time.ts'
import type { DryRunRequest } from '../../../../http/configuration/wire.ts'
import { readDay } from '../../../shared/time/typed-day.ts'
import { timeIn } from '../../../shared/time/typed-time.ts'

export interface TypedOrder {
  readonly number: string
  readonly day: string
  readonly time: string
  /** `2`, `91`; a dash for none. */
  readonly keys: string
  readonly isBlocked: boolean
}

const noKey = '-'

/** Other characters are no keys. */
export const keysTyped = (text: string): string => text.replaceAll('–', noKey).replaceAll(/[^\d*#-]/g, '')

const keyIn = (character: string): MenuKey | null => menuKeys.find((key) => key === character) ?? null

/** Null: the day or the time is not typed yet. */
export function orderOf({ number, day, time, keys, isBlocked }: TypedOrder): DryRunRequest | null {
  const date = readDay(day)
  const [, hour, minute] = /^(\d\d):(\d\d)$/.exec(timeIn(time)) ?? []
  if (date === null || hour === undefined || Number(hour) > 23) return null
  const at = new Date(atLocal(date, Number(hour) * 60 + Number(minute))).toISOString()
  return { number, at, keys: Array.from(keysTyped(keys), keyIn), isBlocked }
}
