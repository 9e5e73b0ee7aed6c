/** The text of a timeline event, with the details that distinguish it from others of its type. */
import type { TFunction } from 'i18next'
import { supervisionModes, type LegRole } from '../../core/call.ts'
import { recordingPauseReasons } from '../../core/media/recording-pause.ts'
import { callEventTypes, type CallEventOf, type CallEventType } from '../../core/call-event.ts'
import { completeList } from '../../core/complete-list.ts'
import { menuKeys } from '../../core/configuration/menu.ts'
import { overflowReasons, overflowWays } from '../../core/configuration/overflow.ts'
import { offerEnds } from '../../core/offer.ts'

interface TimelineEvent {
  readonly type: string
  readonly detail: Readonly<Record<string, unknown>>
}

/** Somebody's part in a call. `agent`: an account's id; of an external party, the contact's. */
export interface Party {
  readonly agent: string
  readonly role: LegRole
}

/** Names in an event's text: `who` it concerns; `target`: to whom they send the caller, or whom they ask. Null: not known. */
export interface Named {
  readonly who?: string | null
  readonly target?: string | null
  /** That of `who` when the event happened. */
  readonly role?: LegRole
}

/** Events whose text includes the agent's name. */
const agents: readonly CallEventType[] = [
  'OfferMade',
  'OfferEnded',
  'AgentAnswered',
  'ReturnOffered',
  'TransferRequested',
  'ConsultRequested',
  'ConsultCompleted',
  'SupervisorRung',
  'SupervisionChanged',
  'CallTakenOver',
  'CallMoved',
  'CallEndedBySupervisor',
  'CallbackPromised',
]
/** In a call of several agents these too: without the name it is not clear whose part they belong to. */
const agentsOfMany: readonly CallEventType[] = [
  ...agents,
  'HoldRequested',
  'ResumeRequested',
  'MuteRequested',
  'ConsultJoined',
  'ConsultCancelled',
  'HelpRequested',
  'RecordingPaused',
  'RecordingResumed',
  'AgentHungUp',
  'AgentLegLost',
]
const lossCauses = completeList<CallEventOf<'AgentLegLost'>['cause']>()([
  'no audio',
  'page reloaded',
  'phone gone',
  'restart',
])

/** `ofMany`: whether several agents were in the call. */
export function eventText(event: TimelineEvent, t: TFunction, named: Named = {}, ofMany = false): string {
  const type = callEventTypes.find((name) => name === event.type)
  if (type === undefined) return t('calls.otherEvent')
  const { detail } = event
  const { who = null, target = null, role = 'agent' } = named
  const isNamed = role !== 'agent' || (ofMany ? agentsOfMany : agents).includes(type)
  const names = [isNamed ? who : null, target].filter((name) => name !== null)
  const more = [names.length === 0 ? null : names.join(' → '), moreAbout(type, detail, t)].filter(
    (part) => part !== null,
  )
  const text = textOf(type, detail, role, t)
  return more.length === 0 ? text : `${text} (${more.join('; ')})`
}

function textOf(type: CallEventType, detail: TimelineEvent['detail'], role: LegRole, t: TFunction): string {
  const party = { who: t(`calls.party.${role}.who`), whom: t(`calls.party.${role}.whom`) }
  const { held, muted, wanted } = detail
  if (type === 'MuteRequested') return t(muted === true ? 'calls.muted' : 'calls.unmuted')
  if (type === 'CallPlaced' && detail['by'] === null) {
    const { request } = asFields(detail['returns'])
    return typeof request === 'string' ? t('calls.askedOnPage', { request }) : t('calls.toBeCalledBack')
  }
  if (type === 'CallbackAsked') return t('calls.event.CallbackAsked', { request: oneText(detail['request']) })
  if (type === 'SecondLineHeld') return t(held === true ? 'calls.secondLineHeld' : 'calls.secondLineTaken')
  if (type === 'HelpRequested') return t(wanted === false ? 'calls.helpOver' : 'calls.helpWanted')
  const mode = type === 'SupervisionChanged' ? oneOf(supervisionModes, detail['mode']) : undefined
  if (mode !== undefined) return t(`calls.supervision.${mode}`)
  if (type === 'KeyPressed')
    return t('calls.event.KeyPressed', { key: oneOf(menuKeys, detail['key']) ?? '?' })
  const end = type === 'OfferEnded' ? oneOf(offerEnds, detail['end']) : undefined
  return end === undefined ? t(`calls.event.${type}`, party) : t(`calls.offerEnd.${end}`, party)
}

const oneText = (value: unknown): string => (typeof value === 'string' ? value : '')

const oneOf = <Name extends string>(names: readonly Name[], value: unknown): Name | undefined =>
  names.find((name) => name === value)

/** Where a transfer or a move goes, by id. Null: the event is neither, or its target is of another kind. */
export function targetOf({
  type,
  detail,
}: TimelineEvent): { queue: string } | { agent: string } | { contact: string } | null {
  const isMoved = type === 'CallMoved' || (type === 'CallOverflowed' && detail['way'] === undefined)
  const to = type === 'TransferRequested' ? detail['to'] : isMoved ? detail : null
  const { queue, agent, contact } = (to ?? {}) as Record<string, unknown>
  if (typeof queue === 'string') return { queue }
  if (typeof contact === 'string') return { contact }
  return typeof agent === 'string' ? { agent } : null
}

const offered = {
  offer: 'agent',
  consult: 'consulted',
  external: 'external',
  supervision: 'supervisor',
} as const

/** For whom each offer was made, by its id: to serve the caller, to be asked, or to supervise. */
export function offersOf(events: readonly TimelineEvent[]): ReadonlyMap<string, Party> {
  const parties = new Map<string, Party>()
  for (const { detail } of events)
    for (const [field, role] of Object.entries(offered)) {
      const { id, agent, contact } = asFields(detail[field])
      const outside = asFields(contact)['id']
      if (typeof id !== 'string' || parties.has(id)) continue
      if (typeof outside === 'string') parties.set(id, { agent: outside, role: 'external' })
      else if (typeof agent === 'string') parties.set(id, { agent, role })
    }
  return parties
}

const asFields = (value: unknown): Record<string, unknown> =>
  (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>

const bySupervisors: readonly string[] = [
  'CallMoved',
  'CallEndedBySupervisor',
  'CallbackPromised',
] satisfies CallEventType[]

/**
 * The party that an event concerns, found by its offer. A colleague or a supervisor whose offer served the caller when it happened
 * is an agent of the call; `before`: the event before it.
 */
export function partyOf(
  { type, detail }: TimelineEvent,
  offers: ReadonlyMap<string, Party>,
  before?: TimelineEvent,
): Party | null {
  if (typeof detail['by'] === 'string' && bySupervisors.includes(type))
    return { agent: detail['by'], role: 'supervisor' }
  const offer = type === 'SupervisorRung' ? detail['supervision'] : detail['offer']
  const id = typeof offer === 'string' ? offer : asFields(offer)['id']
  const party = typeof id === 'string' ? offers.get(id) : undefined
  if (party === undefined) return null
  return before?.detail['serving'] === id ? { ...party, role: 'agent' } : party
}

/** The colleague or the contact who is asked by an event, or to whom it gives the caller; null: it does neither. */
export function askedIn(events: readonly TimelineEvent[], index: number): string | null {
  const type = events[index]?.type
  if (type !== 'ConsultRequested' && type !== 'ConsultCompleted') return null
  const asked = events.slice(0, index + 1).findLast((event) => event.type === 'ConsultRequested')
  const { agent, contact } = asFields(asked?.detail['consult'])
  const outside = asFields(contact)['id']
  return typeof agent === 'string' ? agent : typeof outside === 'string' ? outside : null
}

/** The names of the contacts that the events name, by id, as they were then. */
export function contactNames(events: readonly TimelineEvent[]): ReadonlyMap<string, string> {
  const contacts = events.flatMap(({ detail }) =>
    [detail['consult'], detail['external']].map((party) => asFields(asFields(party)['contact'])),
  )
  return new Map(
    contacts.flatMap(({ id, name }) =>
      typeof id === 'string' && typeof name === 'string' ? [[id, name] as const] : [],
    ),
  )
}

type Detail = TimelineEvent['detail']

/** Details in brackets, after the names; null: none. */
const details: { readonly [Type in CallEventType]?: (detail: Detail, t: TFunction) => string | null } = {
  CallArrived: ({ block }, t) => (typeof block === 'number' ? t('calls.blocked') : null),
  AgentLegLost: (detail, t) => {
    const cause = oneOf(lossCauses, detail['cause'])
    return cause === undefined ? null : t(`calls.legLost.${cause}`)
  },
  SupervisorRung: (detail, t) => {
    const mode = oneOf(supervisionModes, detail['mode'])
    return mode === undefined ? null : t(`calls.mode.${mode}`)
  },
  RecordingPaused: (detail, t) => {
    const reason = oneOf(recordingPauseReasons, detail['reason'])
    return reason === undefined ? null : t(`calls.pauseReason.${reason}`)
  },
  CallMoved: (detail, t) => (detail['toFront'] === true ? t('calls.toFront') : null),
  CallOverflowed: (detail, t) => {
    const why = oneOf(overflowReasons, detail['why'])
    const way = oneOf(overflowWays, detail['way'])
    const parts = [
      ...(way === undefined ? [] : [t(`calls.overflowWay.${way}`)]),
      ...(why === undefined ? [] : [t(`calls.overflow.${why}`)]),
    ]
    return parts.length === 0 ? null : parts.join(', ')
  },
  OfferMade: (detail, t) => {
    const why = asFields(detail['why'])
    if (why['returning'] === true) return t('calls.whyReturning')
    if (typeof why['level'] !== 'number' || typeof why['candidates'] !== 'number') return null
    return t('calls.why', { level: why['level'], count: why['candidates'] })
  },
}

const moreAbout = (type: CallEventType, detail: Detail, t: TFunction): string | null =>
  details[type]?.(detail, t) ?? null
