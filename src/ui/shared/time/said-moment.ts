import type { TFunction } from 'i18next'
import { daysLater } from '../../../core/local-time.ts'
import { hourAndMinute, shortDate, today } from './time.ts'

/** A moment as people say it: `astăzi la 20:00`, `mâine la 08:00`, `3 dec. la 08:00`. */
export function saidMoment(at: string | number, now: number, t: TFunction, language: string): string {
  const moment = new Date(at).getTime()
  const day = today(moment)
  const time = hourAndMinute(moment, language)
  if (day === today(now)) return t('common.moment.today', { time })
  if (day === daysLater(today(now), 1)) return t('common.moment.tomorrow', { time })
  if (day === daysLater(today(now), -1)) return t('common.moment.yesterday', { time })
  return t('common.moment.day', { day: shortDate(moment, language), time })
}
