/**
 * Turns Asterisk's audio of a call into its segments, one sealed file for each leg of an agent or of a colleague who was consulted, and their manifests in the ledger.
 */
import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import type { AgentId, CallId, ChannelId, Millis, QueueId } from '../../core/ids.ts'
import type { Outcome } from '../../core/call.ts'
import type { Database } from '../../ledger/database.ts'
import { type RecordingGap } from '../../ledger/recordings/tables.ts'
import {
  addRecordings,
  recordingsOf,
  type Recording,
  type RecordingLoss,
} from '../../ledger/recordings/recordings.ts'
import { alawEnd } from '../../ledger/recordings/alaw-wav.ts'
import { addVoicemail } from '../../ledger/voicemails/voicemails.ts'
import type { VoicemailSound } from '../../core/voicemails/voicemail.ts'
import { requireMark } from '../../ledger/volumes/volume.ts'
import type { Encode } from './encoder.ts'
import { isFolderName } from './folder-name.ts'
import { keepSealed, removeSealed, type Place } from './keep-sealed.ts'
import { layOut, toleranceMs, type Stretch } from './manifest.ts'
import { bytesOf, isReadable, lastedMs, partsOf, shortened, type Part } from './parts.ts'
import { talksOf, type Talk, type Talks } from './talks.ts'
import { isLongEnough, queueOfCall, soundOf } from './voicemail.ts'

export interface FinishOptions extends Place {
  readonly db: Database
  readonly encode: Encode
}

/** `none`: there was no conversation to keep. `kept in part`: the audio of a leg is lost. */
export type Finished = 'kept' | 'kept in part' | 'was kept' | 'none' | 'lost'

/** Files or ledger are not complete yet; try again later. */
export class NotYet extends Error {
  override name = 'NotYet'
}

/** Half a second at 8 kHz. Less audio comes from a bridge that existed only while the caller hung up. */
const wordBytes = 8_000
/** Bridging takes time at both ends, and the answers of its events. */
const briefMs = 1_500

const noFiles = 'there are no files'
const noAudio = 'the files hold no audio'
const unreadable = 'the files cannot be read'

/** The call as far as its ledger row says. */
interface Over {
  readonly arrived_at: Millis
  readonly answered_at: Millis | null
  readonly ended_at: Millis
  readonly agent: AgentId | null
  readonly outcome: Outcome
}

/**
 * Idempotent. `lastTry`: unfinished files are taken as they are, and missing ones are recorded as lost.
 * @throws {NotYet} when a later try may succeed.
 * @throws {VolumeAbsent} when a volume is not mounted.
 */
export async function finishRecording(
  options: FinishOptions,
  call: CallId,
  lastTry: boolean,
): Promise<Finished> {
  const { db, recordings } = options
  if (!isFolderName(call)) throw new RangeError('the call’s id is not a valid folder name')
  // Below an absent mount there are no files, and the audio would be recorded as lost.
  await requireMark(recordings, 'recordings')
  const folder = path.join(recordings, call)
  if ((await recordingsOf(db, call)).length > 0) return after(folder, 'was kept')
  const over: Over | undefined = await db
    .selectFrom('calls')
    .select(['arrived_at', 'answered_at', 'ended_at', 'agent', 'outcome'])
    .where('id', '=', call)
    .executeTakeFirst()
  if (over === undefined) throw new NotYet('the ledger does not have the end of the call yet')
  const talks = await talksOf(db, call, over.ended_at)
  const parts = await partsOf(folder)
  const { kept, lost, isComplete } = judge(parts, talks, over)
  const broken = parts.find(({ failure }) => failure !== null)
  // The folder may be readable again, unless it gives other legs of the same call.
  const isHopeless = kept.length === 0 && broken?.isVoicemail !== true
  if (broken !== undefined && (!lastTry || isHopeless)) throw broken.failure ?? new NotYet(unreadable)
  if (!isComplete && !lastTry) throw new NotYet('Asterisk has not finished the files')
  const voicemail = await messageLeft(db, call, parts, over)
  if (kept.length === 0 && lost.length === 0) {
    if (voicemail !== null) await addVoicemail(db, { call, ...voicemail })
    return after(folder, 'none')
  }
  const { losses, isAnyKept } = await keep(options, call, over, { kept, lost, talks, lastTry, voicemail })
  const finished = losses.length === 0 ? 'kept' : isAnyKept ? 'kept in part' : 'lost'
  // A disk that fails may be read elsewhere.
  const isLeft = parts.some(isOfVoicemail) && losses.some(({ why }) => why === unreadable)
  return isLeft ? finished : after(folder, finished)
}

/** The message that the caller has left, as far as the files tell before they are read; null: none. */
async function messageLeft(
  db: Database,
  call: CallId,
  parts: readonly Part[],
  { outcome }: Over,
): Promise<LeftMessage | null> {
  const message = parts.find(isOfVoicemail)
  if (message === undefined && outcome !== 'voicemail') return null
  const queue = await queueOfCall(db, call)
  if (message === undefined || message.failure !== null) return { queue, sound: 'lost' }
  if (isLongEnough(message)) return { queue, sound: 'voice' }
  return { queue, sound: outcome === 'voicemail' && !message.closed ? 'lost' : 'silence' }
}

interface LeftMessage {
  readonly queue: QueueId
  readonly sound: VoicemailSound
}

interface Judged {
  readonly kept: readonly Part[]
  readonly lost: readonly RecordingLoss[]
  /** Whether everything is there that is to come, and closed. */
  readonly isComplete: boolean
}

/** Tells a call's conversation from other audio, and finds the legs of the ledger that have none. */
function judge(parts: readonly Part[], talks: Talks, over: Over): Judged {
  const { byLeg } = talks
  const isAnswered = over.answered_at !== null
  const byFallback = servedByFallback(over, talks)
  // A call of the fallback queue has legs that the ledger has not heard of. Audio is kept also when the ledger has no
  // answer of the call.
  const isExpected = ({ leg }: Part): boolean =>
    isAnswered && (leg === null || byLeg.size === 0 || byLeg.has(leg) || byFallback)
  const kept = parts.filter((part) =>
    part.isVoicemail ? isLongEnough(part) : bytesOf(part) >= (isExpected(part) ? 1 : wordBytes),
  )
  const isWhole = kept.some(({ leg, isVoicemail }) => leg === null && !isVoicemail)
  const lost = isWhole ? [] : lossesOf(parts, kept, talks, byFallback)
  const isOwed = isAnswered || isVoicemailOwed(parts, over)
  const all: RecordingLoss[] =
    isOwed && kept.length === 0 && lost.length === 0 ? [{ leg: null, why: whyLost(parts) }] : lost
  // Of a message that Asterisk has not closed nobody knows yet how much there is.
  const isComplete =
    all.length === 0 && [...kept, ...parts.filter(isOfVoicemail)].every(({ closed }) => closed)
  return { kept: kept.map((part) => untilCallerLeft(part, talks, over)), lost: all, isComplete }
}

const isOfVoicemail = ({ isVoicemail }: Part): boolean => isVoicemail

/** Whether a message was left of which there is nothing, or nothing that can be read. */
function isVoicemailOwed(parts: readonly Part[], { outcome }: Over): boolean {
  const message = parts.find(isOfVoicemail)
  if (message === undefined) return outcome === 'voicemail'
  return message.failure !== null || (outcome === 'voicemail' && !message.closed && !isLongEnough(message))
}

/** Whether an agent has served the call last whom none of its events names: Asterisk's record has them. */
const servedByFallback = ({ agent }: Over, { byLeg }: Talks): boolean =>
  agent !== null && byLeg.size > 0 && ![...byLeg.values()].some((talk) => talk.served && talk.agent === agent)

function lossesOf(
  parts: readonly Part[],
  kept: readonly Part[],
  { byLeg }: Talks,
  byFallback: boolean,
): RecordingLoss[] {
  const lost: RecordingLoss[] = [...byLeg].flatMap(([leg, talk]) =>
    kept.some((part) => part.leg === leg) || isBrief(talk)
      ? []
      : [{ leg, why: whyLost(parts.filter((part) => part.leg === leg)) }],
  )
  const isOthers = ({ leg }: Part): boolean => leg !== null && !byLeg.has(leg)
  const others = parts.filter(isOthers)
  const broken = others.filter(({ failure }) => failure !== null)
  if (broken.length > 0) return [...lost, ...broken.map(({ leg }) => ({ leg, why: unreadable }))]
  if (!byFallback || kept.some(isOthers)) return lost
  // Of several without audio nobody knows which one was theirs.
  const [only = null, ...more] = others.map(({ leg }) => leg)
  return [...lost, { leg: more.length === 0 ? only : null, why: whyLost(others) }]
}

/**
 * While the server is away, an agent's leg stays in its room when the caller has left, and its recorder goes on: what is
 * said there is no conversation. Both clocks must say so: the file was written after the call's end, and is longer than
 * the conversation.
 */
function untilCallerLeft(part: Part, { byLeg }: Talks, { ended_at }: Over): Part {
  const talk = part.leg === null ? undefined : byLeg.get(part.leg)
  if (talk === undefined || talk.stretches.length === 0) return part
  const surplusMs = Math.min(part.writtenAt - ended_at, lastedMs(part) - talkedMs(talk))
  return surplusMs > toleranceMs ? shortened(part, lastedMs(part) - surplusMs) : part
}

/** A bridge that was lost as it was made: there may have been nothing to record. */
const isBrief = (talk: Talk): boolean => talkedMs(talk) < briefMs

const talkedMs = ({ stretches }: Talk): number =>
  stretches.reduce((sum, { startedAt, endedAt }) => sum + endedAt - startedAt, 0)

function whyLost(parts: readonly Part[]): string {
  if (parts.some(({ failure }) => failure !== null)) return unreadable
  return parts.length === 0 ? noFiles : noAudio
}

type Segment = Omit<Recording, 'call'>

interface Keeping extends Pick<Judged, 'kept' | 'lost'> {
  readonly talks: Talks
  readonly voicemail: LeftMessage | null
  readonly lastTry: boolean
}

/** Returns what is lost: on the last try also a message, or a part beside others, whose audio cannot be read. */
async function keep(
  options: FinishOptions,
  call: CallId,
  over: Over,
  { kept, lost, talks, lastTry, voicemail }: Keeping,
): Promise<{ readonly losses: readonly RecordingLoss[]; readonly isAnyKept: boolean }> {
  const segments: Segment[] = []
  const losses = [...lost]
  const undo = async (): Promise<void> => {
    for (const { file } of segments) await removeSealed(options, file)
  }
  try {
    let failure: unknown = null
    for (const part of kept) {
      try {
        segments.push(await sealed(options, call, over, part, stretchesOf(part, kept, talks, over), talks))
      } catch (error) {
        // A full disk, or an encoder that fails, is no fault of the part.
        if (!lastTry || (await isReadable(part))) throw error
        losses.push({ leg: part.leg, why: unreadable })
        if (!part.isVoicemail) failure = error
      }
    }
    if (segments.length === 0 && failure !== null) throw failure
  } catch (error) {
    await undo()
    throw error
  }
  // Where this throws, the ledger may have the rows all the same, only its answer was lost: the files stay. Those that no row
  // names end with retention.
  const added = await addRecordings(options.db, call, segments, losses, judged(voicemail, segments))
  // Another try was first: its files are the recording.
  if (added === 'was there') await undo()
  return { losses, isAnyKept: segments.length > 0 }
}

/** By the sound, now that it has been read. */
function judged(voicemail: LeftMessage | null, segments: readonly Segment[]): LeftMessage | null {
  if (voicemail === null) return null
  const message = segments.find(({ leg }) => leg === null)
  if (message === undefined)
    return voicemail.sound === 'silence' ? voicemail : { ...voicemail, sound: 'lost' }
  return { ...voicemail, sound: soundOf(message.waveform, message.manifest.durationMs) }
}

/** When the voices of a part were spoken. */
function stretchesOf(part: Part, kept: readonly Part[], talks: Talks, over: Over): readonly Stretch[] {
  const known = part.leg === null ? talks.all : (talks.byLeg.get(part.leg)?.stretches ?? [])
  const isOnly = kept.length === 1
  // The call went on without the server: the leg may have ended before the call did, with its file.
  if (known.length > 0)
    return isOnly ? known : known.map((one) => ({ ...one, endedAt: endBefore(one, part.writtenAt, over) }))
  // A call of the fallback queue: one conversation, from answer to end.
  if (isOnly && over.answered_at !== null) return [{ startedAt: over.answered_at, endedAt: over.ended_at }]
  const endedAt = Math.min(over.ended_at, part.closed ? Math.round(part.writtenAt) : over.ended_at)
  return [{ startedAt: Math.max(over.arrived_at, Math.round(endedAt - lastedMs(part))), endedAt }]
}

const endBefore = ({ startedAt, endedAt }: Stretch, writtenAt: Millis, { ended_at }: Over): Millis =>
  endedAt < ended_at ? endedAt : Math.max(startedAt, Math.min(endedAt, Math.round(writtenAt)))

async function sealed(
  options: FinishOptions,
  call: CallId,
  over: Over,
  part: Part,
  stretches: readonly Stretch[],
  talks: Talks,
): Promise<Segment> {
  const day = new Date(over.arrived_at).toISOString().slice(0, 10)
  const unfinished = path.join(options.recordings, call, `${randomUUID()}.part`)
  const { durationMs, waveform } = await options.encode(part.left, part.right, unfinished)
  const { file, bytes, sha256 } = await keepSealed(options, { call, day, end: alawEnd }, unfinished)
  const { spans, gaps } = layOut(stretches, durationMs)
  return {
    leg: part.leg,
    agent: part.leg === null ? null : agentOf(part.leg, over, talks),
    file,
    waveform,
    manifest: {
      durationMs,
      bytes,
      sha256,
      tracks: part.names,
      spans,
      gaps: part.closed ? gaps : [...gaps, ...unclosed(gaps, over)],
    },
  }
}

/** A leg that the ledger has not heard of is the call's agent's, unless that agent had another; null: nobody knows whose. */
function agentOf(leg: ChannelId, { agent }: Over, { byLeg }: Talks): AgentId | null {
  const known = byLeg.get(leg)?.agent
  if (known !== undefined) return known
  return [...byLeg.values()].some((talk) => talk.agent === agent) ? null : agent
}

/** A file that was never closed may lack its end although the lengths agree: the manifest records that. */
function unclosed(
  gaps: readonly RecordingGap[],
  { ended_at }: { readonly ended_at: Millis },
): RecordingGap[] {
  return gaps.length > 0 ? [] : [{ startedAt: ended_at, endedAt: ended_at, why: 'the file was not closed' }]
}

/** Removes Asterisk's files. */
async function after(folder: string, finished: Finished): Promise<Finished> {
  await rm(folder, { recursive: true, force: true })
  return finished
}
