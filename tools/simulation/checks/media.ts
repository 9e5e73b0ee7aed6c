/** What each leg of a call hears and records beside the others' voices, and how long what is beside the stage may last. */
import type { LiveCall } from '../../../src/core/call.ts'
import { isExternal } from '../../../src/core/contact.ts'
import { agentLegOf, bridgeOf, sideOf, tapOf, type ChannelId, type OfferId } from '../../../src/core/ids.ts'
import type { FakeAsterisk } from '../../../test/support/pbx/fake-pbx.ts'
import type { World } from '../world/world.ts'
import { announcementFlaws, type AnnouncementFlaw } from './announcements.ts'
import { closedFlaws, type ClosedFlaw } from './closed.ts'
import { menuFlaws, type MenuFlaw } from './menus.ts'
import { surveyFlaws, type SurveyFlaw } from './surveys.ts'
import { voicemailFlaws, type VoicemailFlaw } from './voicemails.ts'

export type MediaFlaw =
  | MenuFlaw
  | SurveyFlaw
  | ClosedFlaw
  | VoicemailFlaw
  | AnnouncementFlaw
  | 'a conversation without its leg'
  | 'a colleague who waits in silence'
  | 'a colleague with music'
  | 'a conversation without its recorder'
  | 'a recorder that runs during a pause'
  | 'a supervisor who is recorded'
  | 'an external party who is recorded'
  | 'a phone rung past its bound'
  | 'a recording paused past its bound'
  | 'a second line without the ringing tone'
  | 'a ringing tone on a second line that talks'

interface Found {
  readonly flaw: MediaFlaw
  readonly subject: string
}

/** 5 minutes, as the agent is told. */
const pauseMaxMs = 300_000

export function mediaFlaws(call: LiveCall, { asterisk, scenario, schedule }: World): readonly Found[] {
  const now = schedule.now()
  const { channels } = asterisk
  const { consult, supervisions, recordingPause } = call
  const found: Found[] = [
    ...menuFlaws(call, asterisk, now),
    ...surveyFlaws(call, asterisk),
    ...closedFlaws(call, asterisk),
    ...voicemailFlaws(call, asterisk),
    ...announcementFlaws(call, asterisk, scenario, now),
  ]
  const recorder = recordingPause === null ? 'on' : 'paused'
  const isRecorded = (leg: ChannelId): void => {
    const runs = channels.get(leg)?.recorder ?? recorder
    if (runs === recorder) return
    const flaw = runs === 'on' ? 'a recorder that runs during a pause' : 'a conversation without its recorder'
    found.push({ flaw, subject: leg })
  }
  if (call.phase === 'talking' || call.phase === 'held') isRecorded(agentLegOf(call.offer.id))
  if (consult?.seat === 'ringing' && now > consult.offer.expiresAt)
    found.push({ flaw: 'a phone rung past its bound', subject: consult.offer.id })
  else if (consult !== null && consult.seat !== 'ringing') {
    const leg = agentLegOf(consult.offer.id)
    const channel = channels.get(leg)
    if (channel === undefined) found.push({ flaw: 'a conversation without its leg', subject: leg })
    else if (consult.seat === 'music' && !channel.music)
      found.push({ flaw: 'a colleague who waits in silence', subject: leg })
    else if (consult.seat !== 'music' && channel.music)
      found.push({ flaw: 'a colleague with music', subject: leg })
    if (!isExternal(consult.offer)) isRecorded(leg)
    else if ((channels.get(leg)?.recorder ?? 'none') !== 'none')
      found.push({ flaw: 'an external party who is recorded', subject: leg })
  }
  if (consult?.secondLine) {
    const { channel: line } = consult.secondLine
    const rings = channels.get(line)?.ringback
    if (rings === undefined) found.push({ flaw: 'a conversation without its leg', subject: line })
    else if (consult.seat === 'ringing' && !rings)
      found.push({ flaw: 'a second line without the ringing tone', subject: line })
    else if (consult.seat !== 'ringing' && rings)
      found.push({ flaw: 'a ringing tone on a second line that talks', subject: line })
  }
  if (call.phase === 'transferring' && now > call.external.expiresAt)
    found.push({ flaw: 'a phone rung past its bound', subject: call.external.id })
  for (const { offer, isUp } of supervisions) {
    const leg = agentLegOf(offer.id)
    if (!isUp && now > offer.expiresAt) found.push({ flaw: 'a phone rung past its bound', subject: leg })
    if (isUp && !channels.has(leg)) found.push({ flaw: 'a conversation without its leg', subject: leg })
    if ((channels.get(leg)?.recorder ?? 'none') !== 'none')
      found.push({ flaw: 'a supervisor who is recorded', subject: leg })
  }
  if (recordingPause !== null && now > recordingPause.since + pauseMaxMs)
    found.push({ flaw: 'a recording paused past its bound', subject: call.id })
  return found
}

/** Whether somebody else than the agent is in the room with the caller. */
export const isJoined = ({ consult, supervisions }: LiveCall): boolean =>
  consult?.seat === 'room' || supervisions.some(({ isUp, mode }) => isUp && mode === 'barge')

/** The line by which the serving agent speaks. */
export function speakingIn({ consult }: LiveCall, offer: OfferId): ChannelId {
  const line = consult?.secondLine
  return line?.isActive ? line.channel : agentLegOf(offer)
}

/** The names of all that may exist in Asterisk for the call, but for the caller's own channel. */
export function namesOf(call: LiveCall): readonly string[] {
  const { consult, supervisions } = call
  return [
    ...('offer' in call ? [agentLegOf(call.offer.id)] : []),
    ...('external' in call ? [agentLegOf(call.external.id)] : []),
    ...('room' in call ? [call.room] : 'offer' in call ? [bridgeOf(call.offer.id)] : []),
    ...(consult === null ? [] : [agentLegOf(consult.offer.id), sideOf(consult.offer.id)]),
    ...(consult?.secondLine ? [consult.secondLine.channel] : []),
    ...supervisions.flatMap(({ offer }) => [agentLegOf(offer.id), tapOf(offer.id)]),
  ]
}

/** The taps at which no supervisor of that agent's call listens. */
export function looseTaps(calls: readonly LiveCall[], asterisk: FakeAsterisk): readonly ChannelId[] {
  if (asterisk.ears.size === 0) return []
  return [...asterisk.ears].flatMap(([ear, heard]) => {
    const call = calls.find((one) => 'offer' in one && speakingIn(one, one.offer.id) === heard)
    const isHeard = call?.supervisions.some(
      ({ offer, isUp }) => isUp && asterisk.bridges.get(tapOf(offer.id))?.has(ear) === true,
    )
    return isHeard === true ? [] : [ear]
  })
}

/** The call that a channel or bridge of the simulation is named after: `leg-<call>-…`, and a caller's own name. */
export const callNamed = (id: string): string => /\w+-out-[^-]+/.exec(id)?.[0] ?? id.split('-')[1] ?? id
