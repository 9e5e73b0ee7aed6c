/** What one listener hears of a recording: all of it, or with silence where somebody proves who he is. */
import { pipeline } from 'node:stream'
import { silencesOf } from '../../city/identity/silence.ts'
import type { CallId } from '../../core/ids.ts'
import { checkStretches, isFullHearing } from '../../ledger/recordings/full-hearings.ts'
import type { Recording } from '../../ledger/recordings/recordings.ts'
import type { Account } from '../../people/accounts.ts'
import type { RouteContext } from '../route-context.ts'
import { Refused } from '../shell/problem.ts'
import type { RecordedAudio } from './recorded-audio.ts'
import { mayUse } from '../session/session.ts'
import { frameLayout, framesOf, silencing } from './silenced-mp3.ts'

export interface HeardAudio extends RecordedAudio {
  /** Of these very bytes: with silence in it, it is another version of the file. */
  readonly etag: string
}

export interface Listener {
  readonly account: Account
  readonly call: CallId
  /** The player's name for this opening. */
  readonly opening: string | undefined
}

/** How long an opening with a reason may be fetched. */
const openingMs = 3_600_000

/** @throws {Refused} `recording-withheld`: the check cannot be found in a file of another make. */
export async function heardAudio(
  deps: RouteContext['deps'],
  listener: Listener,
  { manifest }: Recording,
  audio: RecordedAudio,
): Promise<HeardAudio> {
  const whole = { ...audio, etag: `"${manifest.sha256}"` }
  const silences = silencesOf(manifest.spans, await checkStretches(deps.db, listener.call))
  if (silences.length === 0 || (await mayHearWhole(deps, listener))) return whole
  const layout = frameLayout(await audio.read({ start: 0, end: Math.min(3, audio.size - 1) }))
  if (layout === null) throw new Refused('recording-withheld')
  const silent = framesOf(layout, silences)
  return {
    ...audio,
    etag: `"${manifest.sha256}.${silent.map(({ first, end }) => `${first}-${end}`).join('.')}"`,
    stream(range) {
      const silenced = silencing(range.start, layout, silent)
      // The one that ends early, or breaks, ends the other.
      pipeline(audio.stream(range), silenced, () => undefined)
      return silenced
    },
    async read() {
      throw new Error('what is silenced is streamed')
    },
  }
}

/** The auditor, in the opening for which he has said why. */
async function mayHearWhole(
  { db, now }: RouteContext['deps'],
  { account, call, opening }: Listener,
): Promise<boolean> {
  if (opening === undefined || !mayUse(account, ['auditor'])) return false
  return isFullHearing(db, { opening, call, account: account.id, since: now() - openingMs })
}
