/** What happened, in words: the event, and what makes this one differ from others of its kind. */
import type { TFunction } from 'i18next'
import type { CallEventType } from '../../core/call-event.ts'
import type { OfferEnd } from '../../core/offer.ts'

interface TimelineEvent {
  readonly type: string
  readonly detail: Readonly<Record<string, unknown>>
}

const types: readonly CallEventType[] = [
  'CallArrived',
  'PlaybackEnded',
  'OfferMade',
  'OfferEnded',
  'AgentAnswered',
  'Bridged',
  'HoldRequested',
  'ResumeRequested',
  'MuteRequested',
  'AgentHungUp',
  'AgentLegLost',
  'ReturnOffered',
  'CallerHungUp',
  'DeadlinePassed',
  'CallerLost',
]
const ends: readonly OfferEnd[] = [
  'no answer',
  'declined',
  'busy',
  'unreachable',
  'expired',
  'withdrawn',
  'cut',
]
const losses = ['no audio', 'page reloaded', 'page gone', 'restart'] as const

export function eventWords(event: TimelineEvent, t: TFunction): string {
  const type = types.find((name) => name === event.type)
  if (type === undefined) return event.type
  const { detail } = event
  if (type === 'OfferEnded') {
    const end = ends.find((name) => name === detail['end'])
    if (end !== undefined) return t(`calls.offerEnd.${end}`)
  }
  if (type === 'MuteRequested') return t(detail['muted'] === true ? 'calls.muted' : 'calls.unmuted')
  const more = moreAbout(type, detail, t)
  return more === null ? t(`calls.event.${type}`) : `${t(`calls.event.${type}`)} (${more})`
}

function moreAbout(type: CallEventType, detail: TimelineEvent['detail'], t: TFunction): string | null {
  if (type === 'AgentLegLost') {
    const cause = losses.find((name) => name === detail['cause'])
    return cause === undefined ? null : t(`calls.legLost.${cause}`)
  }
  if (type !== 'OfferMade') return null
  const why = detail['why'] as { readonly level?: unknown; readonly candidates?: unknown } | undefined
  if (typeof why?.level !== 'number' || typeof why.candidates !== 'number') return null
  return t('calls.why', { level: why.level, count: why.candidates })
}
