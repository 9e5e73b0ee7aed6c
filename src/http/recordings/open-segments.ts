/** Which of a call's segments can be heard now: one whose file is gone, cut off or damaged must not hide the others. */
import type { KeptRecording } from '../../ledger/recordings/recordings.ts'
import type { HttpDeps } from '../ports.ts'
import { openAudio, type RecordedAudio } from './recorded-audio.ts'

type Place = Pick<HttpDeps, 'recordings' | 'recordingKeys'>

export interface OpenableSegments {
  readonly open: readonly KeptRecording[]
  readonly broken: readonly KeptRecording[]
}

export interface OpenSegment {
  readonly segment: KeptRecording
  readonly audio: RecordedAudio
}

/** The segments that open, in order. @throws {Refused} that of the first one, when none opens. */
export async function openSegments(
  place: Place,
  segments: readonly KeptRecording[],
): Promise<readonly OpenSegment[]> {
  const open: OpenSegment[] = []
  const refusals: unknown[] = []
  for (const segment of segments) {
    try {
      const audio = await openAudio(place, segment.file)
      // Of one segment alone the player gets what there is.
      if (segments.length > 1) await assertWhole(audio, segment)
      open.push({ segment, audio })
    } catch (error) {
      refusals.push(error)
    }
  }
  if (open.length === 0 && refusals.length > 0) throw refusals[0]
  return open
}

/** A call of one segment is not tried: the player gets the reason why it cannot be heard. So is one of which none opens. */
export async function openableSegments(
  place: Place,
  segments: readonly KeptRecording[],
): Promise<OpenableSegments> {
  if (segments.length < 2) return { open: segments, broken: [] }
  const opened = await openSegments(place, segments).catch(() => null)
  if (opened === null) return { open: segments, broken: [] }
  for (const { audio } of opened) await audio.close()
  const open = opened.map(({ segment }) => segment)
  return { open, broken: segments.filter((segment) => !open.includes(segment)) }
}

/** Of the length on record, and with a key that opens its beginning. */
async function assertWhole(audio: RecordedAudio, { manifest }: KeptRecording): Promise<void> {
  try {
    if (audio.size !== manifest.bytes) throw new Error('the file is not as long as its manifest says')
    await audio.read({ start: 0, end: 0 })
  } catch (error) {
    await audio.close()
    throw error
  }
}
