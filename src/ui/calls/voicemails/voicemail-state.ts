/** The state of a message in words. */
import type { TFunction } from 'i18next'
import type { VoicemailItem } from '../../../http/voicemails/wire.ts'
import { shortDateTime } from '../../shared/time/time.ts'

export function stateWords(one: VoicemailItem, t: TFunction, language: string): string {
  const { closed, takenBy, calledBackAt, isHeard, isLate, sound } = one
  if (closed !== null)
    return t('calls.voicemail.closedBy', {
      name: closed.by.name,
      at: shortDateTime(closed.at, language),
      result: t(`calls.voicemail.results.${closed.result}`),
    })
  return [
    ...(isLate ? [t('calls.voicemail.late')] : []),
    ...(sound === 'lost' ? [t('calls.voicemail.lost')] : []),
    t(isHeard ? 'calls.voicemail.heard' : 'calls.voicemail.open'),
    ...(takenBy === null ? [] : [t('calls.voicemail.takenBy', { name: takenBy.name })]),
    ...(calledBackAt === null
      ? []
      : [t('calls.voicemail.calledBack', { at: shortDateTime(calledBackAt, language) })]),
  ].join(' · ')
}
