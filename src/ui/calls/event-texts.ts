/** The text of a timeline event, with the details that distinguish it from others of its type. */
import type { TFunction } from 'i18next'
import { callEventTypes, type CallEventOf, type CallEventType } from '../../core/call-event.ts'
import { completeList } from '../../core/complete-list.ts'
import { offerEnds } from '../../core/offer.ts'

interface TimelineEvent {
  readonly type: string
  readonly detail: Readonly<Record<string, unknown>>
}

/** Events whose text includes the agent's name. */
const agents: readonly CallEventType[] = [
  'OfferMade',
  'OfferEnded',
  'AgentAnswered',
  'ReturnOffered',
  'TransferRequested',
]
/** In a call of several agents these too: without the name it is not clear whose part they belong to. */
const agentsOfMany: readonly CallEventType[] = [
  ...agents,
  'HoldRequested',
  'ResumeRequested',
  'MuteRequested',
  'AgentHungUp',
  'AgentLegLost',
]
const lossCauses = completeList<CallEventOf<'AgentLegLost'>['cause']>()([
  'no audio',
  'page reloaded',
  'phone gone',
  'restart',
])

/**
 * `agent`: the name of the agent concerned, if known. `ofMany`: whether several agents talked in the call. `target`: the
 * name of the queue or the agent to whom a transfer goes, if known.
 */
export function eventText(
  event: TimelineEvent,
  t: TFunction,
  agent: string | null = null,
  ofMany = false,
  target: string | null = null,
): string {
  const type = callEventTypes.find((name) => name === event.type)
  if (type === undefined) return t('calls.otherEvent')
  const { detail } = event
  const named = (ofMany ? agentsOfMany : agents).includes(type)
  const who = [named ? agent : null, target].filter((name) => name !== null)
  const more = [who.length === 0 ? null : who.join(' → '), moreAbout(type, detail, t)].filter(
    (part) => part !== null,
  )
  const text = textOf(type, detail, t)
  return more.length === 0 ? text : `${text} (${more.join('; ')})`
}

function textOf(type: CallEventType, detail: TimelineEvent['detail'], t: TFunction): string {
  if (type === 'MuteRequested') return t(detail['muted'] === true ? 'calls.muted' : 'calls.unmuted')
  const end = type === 'OfferEnded' ? offerEnds.find((name) => name === detail['end']) : undefined
  return end === undefined ? t(`calls.event.${type}`) : t(`calls.offerEnd.${end}`)
}

/** Where a transfer goes, by id. Null: the event is no transfer, or its target is of another kind. */
export function targetOf({ type, detail }: TimelineEvent): { queue: string } | { agent: string } | null {
  const { queue, agent } = ((type === 'TransferRequested' ? detail['to'] : null) ?? {}) as Record<
    string,
    unknown
  >
  if (typeof queue === 'string') return { queue }
  return typeof agent === 'string' ? { agent } : null
}

/** The agent of each offer, by offer id. */
export function offersOf(events: readonly TimelineEvent[]): ReadonlyMap<string, string> {
  return new Map(
    events.flatMap(({ detail: { offer } }) => {
      const { id, agent } = (typeof offer === 'object' && offer !== null ? offer : {}) as Record<
        string,
        unknown
      >
      return typeof id === 'string' && typeof agent === 'string' ? [[id, agent] as const] : []
    }),
  )
}

/** The agent that an event concerns, found by its offer. */
export function agentOf({ detail }: TimelineEvent, offers: ReadonlyMap<string, string>): string | null {
  const offer = detail['offer'] as string | { readonly id?: unknown } | undefined
  const id = typeof offer === 'object' ? offer.id : offer
  return typeof id === 'string' ? (offers.get(id) ?? null) : null
}

function moreAbout(type: CallEventType, detail: TimelineEvent['detail'], t: TFunction): string | null {
  if (type === 'AgentLegLost') {
    const cause = lossCauses.find((name) => name === detail['cause'])
    return cause === undefined ? null : t(`calls.legLost.${cause}`)
  }
  if (type !== 'OfferMade') return null
  const why = detail['why'] as
    | { readonly level?: unknown; readonly candidates?: unknown; readonly returning?: unknown }
    | undefined
  if (why?.returning === true) return t('calls.whyReturning')
  if (typeof why?.level !== 'number' || typeof why.candidates !== 'number') return null
  return t('calls.why', { level: why.level, count: why.candidates })
}
