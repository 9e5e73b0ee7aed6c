/** A recording as one listener hears it: complete, or with silence in place of identity checks. */
import { pipeline, type Readable } from 'node:stream'
import { silencesOf } from '../../city/identity/silence.ts'
import type { CallId } from '../../core/ids.ts'
import { checkStretches, isFullHearing } from '../../ledger/recordings/full-hearings.ts'
import type { Recording } from '../../ledger/recordings/recordings.ts'
import type { Account } from '../../people/accounts.ts'
import type { RouteContext } from '../route-context.ts'
import { Refused } from '../shell/problem.ts'
import type { ByteRange } from './range.ts'
import type { RecordedAudio } from './recorded-audio.ts'
import { mayUse } from '../session/session.ts'
import { encodingOf, headBytes } from './encoding.ts'

export interface HeardAudio extends Omit<RecordedAudio, 'read'> {
  /** Identifies exactly these bytes: the silenced audio is another version of the file. */
  readonly etag: string
  /** The first bytes, which name the encoding. */
  head(): Promise<Buffer>
}

export interface Listener {
  readonly account: Account
  readonly call: CallId
  /** The player's name for this playback session. */
  readonly opening: string | undefined
}

/** How long a playback session with a stated reason stays valid. */
const openingMs = 3_600_000

/** @throws {Refused} `recording-withheld`: the check cannot be located in a file of another encoding. */
export async function heardAudio(
  deps: RouteContext['deps'],
  listener: Listener,
  { manifest }: Recording,
  audio: RecordedAudio,
): Promise<HeardAudio> {
  const { size, name } = audio
  const head = (): Promise<Buffer> => audio.read({ start: 0, end: Math.min(headBytes, size) - 1 })
  const close = (): Promise<void> => audio.close()
  const stream = (range: ByteRange): Readable => audio.stream(range)
  const whole = { size, name, head, close, stream, etag: `"${manifest.sha256}"` }
  const silences = silencesOf(manifest.spans, await checkStretches(deps.db, listener.call))
  if (silences.length === 0 || (await mayHearWhole(deps, listener))) return whole
  const silenced = encodingOf(await head())?.silenced(silences)
  if (silenced === undefined) throw new Refused('recording-withheld')
  return {
    ...whole,
    etag: `"${manifest.sha256}.${silenced.name}"`,
    stream(range) {
      const silencing = silenced.from(range.start)
      // `pipeline` destroys both streams when either ends early or fails.
      pipeline(audio.stream(range), silencing, () => undefined)
      return silencing
    },
  }
}

/** An auditor, in the playback session for which a reason was stated. */
async function mayHearWhole(
  { db, now }: RouteContext['deps'],
  { account, call, opening }: Listener,
): Promise<boolean> {
  if (opening === undefined || !mayUse(account, ['auditor'])) return false
  return isFullHearing(db, { opening, call, account: account.id, since: now() - openingMs })
}
