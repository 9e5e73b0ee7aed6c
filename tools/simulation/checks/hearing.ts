/**
 * Who hears whom in a call. What the stage says is compared with Asterisk's bridges and taps; the product's media plan is
 * not asked, so that an error in it is found.
 */
import type { LiveCall, Supervision, SupervisionMode } from '../../../src/core/call.ts'
import { agentLegOf, callerLegOf, type ChannelId, type OfferId } from '../../../src/core/ids.ts'
import type { FakeAsterisk } from '../../../test/support/pbx/fake-pbx.ts'
import { speakingIn } from './media.ts'

export type HearingFlaw =
  | 'a caller hears whom they should not'
  | 'a supervisor heard while monitoring'
  | 'a whisper heard by others'
  | 'somebody hears whom they should not'
  | 'somebody is not heard'
  | 'a supervisor who hears nobody'

export interface Heard {
  readonly flaw: HearingFlaw
  /** Who hears. */
  readonly subject: ChannelId
}

/** The flaws of a call in which somebody takes part; none while a connection is made. */
export function hearingFlaws(call: LiveCall, asterisk: FakeAsterisk): readonly Heard[] {
  const wanted = wantedIn(call)
  if (wanted === null) return []
  const agent = 'offer' in call ? speakingIn(call, call.offer.id) : null
  const supervisors = new Map(call.supervisions.map((one) => [agentLegOf(one.offer.id), one]))
  const found: Heard[] = []
  for (const [subject, shouldHear] of wanted) {
    // A leg that is gone is another flaw.
    if (!asterisk.channels.has(subject)) continue
    const hears = heardAt(subject, asterisk)
    for (const source of hears) {
      if (shouldHear.has(source)) continue
      const supervisor = supervisors.get(source)
      found.push({ subject, flaw: unwanted(supervisor, subject, { agent, caller: callerLegOf(call.id) }) })
    }
    for (const source of shouldHear) {
      if (hears.has(source) || !asterisk.channels.has(source)) continue
      const flaw = supervisors.has(subject) ? 'a supervisor who hears nobody' : 'somebody is not heard'
      found.push({ subject, flaw })
    }
  }
  return found
}

function unwanted(
  source: Supervision | undefined,
  subject: ChannelId,
  { agent, caller }: { readonly agent: ChannelId | null; readonly caller: ChannelId },
): HearingFlaw {
  if (source?.mode === 'monitor') return 'a supervisor heard while monitoring'
  if (source?.mode === 'whisper' && subject !== agent) return 'a whisper heard by others'
  return subject === caller ? 'a caller hears whom they should not' : 'somebody hears whom they should not'
}

type Hearing = Map<ChannelId, Set<ChannelId>>

/** Null: a connection is being made, or a message plays. */
function wantedIn(call: LiveCall): Hearing | null {
  const { consult, supervisions } = call
  const caller = callerLegOf(call.id)
  const colleague = consult === null || consult.seat === 'ringing' ? null : agentLegOf(consult.offer.id)
  const up = supervisions
    .filter(({ isUp }) => isUp)
    .map(({ offer, mode }) => ({ leg: agentLegOf(offer.id), mode }))
  const bargers = up.filter(({ mode }) => mode === 'barge').map(({ leg }) => leg)
  const external = call.phase === 'transferred' ? [agentLegOf(call.external.id)] : []
  const joined = consult?.seat === 'room' && colleague !== null ? [colleague] : []
  const hearing: Hearing = new Map(
    [caller, ...(colleague === null ? [] : [colleague]), ...up.map(({ leg }) => leg)].map((id) => [
      id,
      new Set<ChannelId>(),
    ]),
  )
  switch (call.phase) {
    case 'greeting':
    case 'menu':
    case 'promised':
    case 'summoning':
    case 'dialling':
    case 'connecting':
    case 'closed':
    case 'voicemail':
    case 'dismissing':
      return null
    case 'waiting':
    case 'ringing':
    case 'transferring':
    case 'survey':
      return hearing
    case 'transferred':
      for (const leg of external) hearing.set(leg, new Set())
      together([caller, ...external, ...bargers], null, hearing)
      return hearing
    case 'reconnecting':
      // Without the agent the caller goes on talking with whoever has joined.
      together([caller, ...joined, ...bargers], null, hearing)
      return hearing
    case 'talking': {
      const agent = speakingIn(call, call.offer.id)
      for (const line of linesOf(call, call.offer.id)) hearing.set(line, new Set())
      together([caller, agent, ...joined, ...bargers], call.muted ? agent : null, hearing)
      beside(
        agent,
        up.filter(({ mode }) => mode !== 'barge'),
        call.muted,
        hearing,
      )
      return hearing
    }
    case 'held': {
      const agent = speakingIn(call, call.offer.id)
      for (const line of linesOf(call, call.offer.id)) hearing.set(line, new Set())
      if (consult?.seat === 'side' && colleague !== null) together([agent, colleague], null, hearing)
      // A second line that only rings carries no voice yet.
      const isSilent = consult?.secondLine?.isActive === true && consult.seat === 'ringing'
      beside(agent, up, isSilent, hearing)
      return hearing
    }
  }
}

/** The line by which the agent does not speak hears nobody. */
const linesOf = ({ consult }: LiveCall, offer: OfferId): readonly ChannelId[] => [
  agentLegOf(offer),
  ...(consult?.secondLine ? [consult.secondLine.channel] : []),
]

function together(members: readonly ChannelId[], muted: ChannelId | null, hearing: Hearing): void {
  for (const member of members)
    for (const other of members) if (other !== member && other !== muted) hearing.get(member)?.add(other)
}

/** Supervisors hear the agent and whom the agent hears, but no other supervisor's whisper. */
function beside(
  agent: ChannelId,
  supervisors: readonly { readonly leg: ChannelId; readonly mode: SupervisionMode }[],
  muted: boolean,
  hearing: Hearing,
): void {
  const heard = [...(hearing.get(agent) ?? []), ...(muted ? [] : [agent])]
  for (const { leg, mode } of supervisors) {
    hearing.set(leg, new Set(heard))
    if (mode !== 'monitor') hearing.get(agent)?.add(leg)
  }
}

/** Whom a channel hears, by Asterisk's bridges, mutes and taps. */
function heardAt(id: ChannelId, asterisk: FakeAsterisk): ReadonlySet<ChannelId> {
  const heard = new Set<ChannelId>()
  for (const other of othersBeside(id, asterisk)) {
    const tapped = asterisk.ears.get(other)
    if (tapped === undefined) addVoice(other, asterisk, heard)
    else for (const source of [tapped, ...othersBeside(tapped, asterisk)]) addVoice(source, asterisk, heard)
  }
  for (const [ear, tapped] of asterisk.ears)
    if (tapped === id) for (const source of othersBeside(ear, asterisk)) addVoice(source, asterisk, heard)
  return heard
}

function othersBeside(id: ChannelId, { bridges }: FakeAsterisk): readonly ChannelId[] {
  for (const members of bridges.values())
    if (members.has(id)) return [...members].filter((other) => other !== id)
  return []
}

function addVoice(id: ChannelId, { channels }: FakeAsterisk, heard: Set<ChannelId>): void {
  const channel = channels.get(id)
  if (channel?.muted === false && (channel.up || channel.phone === null)) heard.add(id)
}
