/** Turns the audio files of a call into one sealed MP3 and its manifest in the ledger. */
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { CallId, Millis } from '../../core/ids.ts'
import { upcastCall } from '../../core/versions.ts'
import type { Database } from '../../ledger/database.ts'
import { type RecordingGap, type Track } from '../../ledger/recordings/tables.ts'
import { addRecording, recordingLost, recordingOf } from '../../ledger/recordings/recordings.ts'
import { destroyKey, makeKey } from '../../ledger/recordings/keys.ts'
import { sealedEnd, sealFile } from '../../ledger/recordings/sealed-file.ts'
import { requireMark } from '../../ledger/volumes/volume.ts'
import type { Encode } from './encoder.ts'
import { bridgedStretches, layOut } from './manifest.ts'
import { readWav, type Wav } from './wav.ts'

export interface FinishOptions {
  readonly db: Database
  /** Folder with one subfolder per call from Asterisk, and the finished files below `done/`. */
  readonly recordings: string
  /** Folder of the keys, one for each finished file. */
  readonly recordingKeys: string
  readonly encode: Encode
  /** An encoder that takes longer is stopped. */
  readonly encodeTimeoutMs: number
}

/** `none`: there was no conversation to keep. */
export type Finished = 'kept' | 'was kept' | 'none' | 'lost'

/** Files or ledger are not complete yet; try again later. */
export class NotYet extends Error {
  override name = 'NotYet'
}

export const doneFolder = 'done'
/** Half a second at 8 kHz. Less audio comes from a bridge that existed only while the caller hung up. */
const wordBytes = 8_000

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
  if ((await recordingOf(db, call)) !== null) return after(folder, 'was kept')
  const ended = await db
    .selectFrom('calls')
    .select(['arrived_at', 'answered_at', 'ended_at'])
    .where('id', '=', call)
    .executeTakeFirst()
  if (ended === undefined) throw new NotYet('the ledger does not have the end of the call yet')
  const tracks = await readTracks(folder)
  const bytes = tracks === null ? 0 : Math.max(tracks.left.dataBytes, tracks.right.dataBytes)
  if (ended.answered_at === null) {
    // Audio is kept even when the ledger has no answer of the call.
    if (tracks === null || bytes < wordBytes) return after(folder, 'none')
    if (!tracks.closed && !lastTry) throw new NotYet('Asterisk has not finished the files')
    const lastedMs = (bytes / 2 / tracks.left.sampleRate) * 1000
    const answered_at = Math.max(ended.arrived_at, Math.round(ended.ended_at - lastedMs))
    await keep(options, call, tracks, { ...ended, answered_at })
    return after(folder, 'kept')
  }
  if ((tracks === null || !tracks.closed) && !lastTry) throw new NotYet('Asterisk has not finished the files')
  if (tracks === null || bytes === 0) {
    await recordingLost(db, call, tracks === null ? 'there are no files' : 'the files hold no audio')
    return after(folder, 'lost')
  }
  await keep(options, call, tracks, { ...ended, answered_at: ended.answered_at })
  return after(folder, 'kept')
}

interface Tracks {
  readonly left: Wav
  readonly right: Wav
  readonly names: Track[]
  readonly closed: boolean
}

/** The two tracks, or the mix on both sides where one is missing or damaged; null when there are no files. */
async function readTracks(folder: string): Promise<Tracks | null> {
  const [caller, agent, mix] = await Promise.all(
    ['caller.wav', 'agent.wav', 'mix.wav'].map((name) => readWav(path.join(folder, name))),
  )
  const both: Tracks | null =
    caller && agent
      ? { left: caller, right: agent, names: ['caller', 'agent'], closed: caller.closed && agent.closed }
      : null
  if (both !== null && !both.left.damaged && !both.right.damaged) return both
  return mix && !mix.damaged ? { left: mix, right: mix, names: [], closed: mix.closed } : both
}

async function keep(
  options: FinishOptions,
  call: CallId,
  tracks: Tracks,
  ended: { readonly arrived_at: Millis; readonly answered_at: Millis; readonly ended_at: Millis },
): Promise<void> {
  const { db, recordings, recordingKeys, encode, encodeTimeoutMs } = options
  const day = new Date(ended.arrived_at).toISOString().slice(0, 10)
  // The name belongs to this try alone: a node that hung and was taken for dead may still work on the same call, and a
  // key must never seal two files.
  const attempt = randomUUID()
  const file = path.join(doneFolder, day, `${call}.${attempt}.mp3${sealedEnd}`)
  const target = path.join(recordings, file)
  await mkdir(path.dirname(target), { recursive: true, mode: 0o750 })
  const unfinished = path.join(recordings, call, `${attempt}.part`)
  const { durationMs, waveform } = await encode(tracks.left, tracks.right, unfinished, encodeTimeoutMs)
  try {
    await sealFile(unfinished, target, await makeKey(recordingKeys, file))
  } catch (error) {
    // No partial files on a full disk.
    await remove(options, file)
    throw error
  }
  // The directory entries are synced before Asterisk's files are removed, or a power cut could lose both.
  for (let folder = path.dirname(target); folder !== recordings; folder = path.dirname(folder)) {
    await toDisk(folder)
  }
  const { spans, gaps } = layOut(await stretchesOf(db, call, ended), durationMs)
  const added = await addRecording(db, {
    call,
    file,
    waveform,
    manifest: {
      durationMs,
      bytes: (await stat(unfinished)).size,
      sha256: await sha256(unfinished),
      tracks: tracks.names,
      spans,
      gaps: tracks.closed ? gaps : [...gaps, ...unclosed(gaps, ended)],
    },
  })
  if (added === 'added') return
  // Another try was first; its file is the recording.
  await remove(options, file)
}

async function remove({ recordings, recordingKeys }: FinishOptions, file: string): Promise<void> {
  await rm(path.join(recordings, file), { force: true })
  await destroyKey(recordingKeys, file)
}

/** A file that was never closed may lack its end although the lengths agree: the manifest records that. */
function unclosed(
  gaps: readonly RecordingGap[],
  { ended_at }: { readonly ended_at: Millis },
): RecordingGap[] {
  return gaps.length > 0 ? [] : [{ startedAt: ended_at, endedAt: ended_at, why: 'the file was not closed' }]
}

async function stretchesOf(
  db: Database,
  call: CallId,
  ended: { readonly answered_at: Millis; readonly ended_at: Millis },
) {
  const events = await db
    .selectFrom('call_events')
    .select(['at', 'after'])
    .where('call', '=', call)
    .orderBy('seq')
    .execute()
  const stretches = bridgedStretches(
    // When the ACD missed the end of the call, its event is later than the end.
    events.map(({ at, after }) => ({ at: Math.min(at, ended.ended_at), phase: upcastCall(after).phase })),
    ended.ended_at,
  )
  if (stretches.length > 0) return stretches
  // A call of the fallback queue: one conversation, from answer to end.
  return [{ startedAt: ended.answered_at, endedAt: ended.ended_at }]
}

/** Removes Asterisk's files. */
async function after(folder: string, finished: Finished): Promise<Finished> {
  await rm(folder, { recursive: true, force: true })
  return finished
}

async function toDisk(file: string): Promise<void> {
  await using handle = await open(file, 'r')
  await handle.sync()
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/** Ids come from Asterisk; none may lead out of the folder. */
export function isFolderName(call: string): boolean {
  // ext4 has a folder `lost+found` at the root of a volume.
  return /^[\w+-][\w.+-]{0,120}$/.test(call) && call !== doneFolder && call !== 'lost+found'
}
