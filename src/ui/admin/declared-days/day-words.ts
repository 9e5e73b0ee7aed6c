/** Words about a declared day. */
import type { TFunction } from 'i18next'
import type { DayDetail, DayWindow, NumberOnDay, SpecialDay } from '../../../http/declared-days/wire.ts'
import { shortDateTime } from '../../shared/time/time.ts'

/** How the day is now, and by whom. */
export function stateWords({ holiday, declared }: SpecialDay, t: TFunction, language: string): string {
  const name = holidayName(holiday, language)
  if (declared === null)
    return name === null ? t('declaredDays.now.ordinary') : t('declaredDays.now.holiday', { name })
  const { closed, reason } = declared
  const by =
    declared.by === null ? t('declaredDays.commandLine') : t('declaredDays.byPerson', { name: declared.by })
  const at = shortDateTime(declared.at, language)
  if (!closed)
    return name === null
      ? t('declaredDays.now.open', { by, at })
      : t('declaredDays.now.openHoliday', { name, by, at })
  return reason === ''
    ? t('declaredDays.now.closedQuietly', { by, at })
    : t('declaredDays.now.closed', { by, at, reason })
}

export const holidayName = (holiday: SpecialDay['holiday'], language: string): string | null =>
  holiday === null ? null : language === 'ro' ? holiday.ro : holiday.en

export function hoursWords(windows: readonly DayWindow[], rule: NumberOnDay['rule'], t: TFunction): string {
  if (rule === 'always') return t('declaredDays.hours.always')
  if (windows.length === 0) return t('declaredDays.hours.closed')
  return windows.map(({ from, to }) => `${from}–${to}`).join(', ')
}

/** The button that makes the day the other way round. */
export function actionWords({ closed, declared, holiday }: DayDetail, t: TFunction): string {
  const isTakenBack = declared !== null
  if (closed && holiday === null && isTakenBack) return t('declaredDays.takeBackClosed')
  if (!closed && holiday !== null && isTakenBack) return t('declaredDays.takeBackOpen')
  return t(closed ? 'declaredDays.openIt' : 'declaredDays.close')
}
