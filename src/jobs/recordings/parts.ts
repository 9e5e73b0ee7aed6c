/** Asterisk's files of a call: a folder for each agent's leg, with a track for each voice. */
import { createReadStream, existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { ChannelId, type Millis } from '../../core/ids.ts'
import type { Track } from '../../ledger/recordings/tables.ts'
import { unlessMissing } from '../../missing-file.ts'
import { isFolderName } from './folder-name.ts'
import { noWav, readWav, type Wav } from './wav.ts'

export interface Part {
  /** The channel of the agent's phone; null: a message, or the whole call, recorded by the dialplan of an earlier release. */
  readonly leg: ChannelId | null
  readonly left: Wav
  readonly right: Wav
  /** The voices on their own tracks; none: both sides hold the mix. */
  readonly names: Track[]
  readonly closed: boolean
  /** When the later track was last written. */
  readonly writtenAt: Millis
  /** Whether it is what a caller said who left a message. */
  readonly isVoicemail: boolean
  /** Why the files cannot be read at all; null: they can. */
  readonly failure: Error | null
}

export const bytesOf = ({ left, right }: Part): number => Math.max(left.dataBytes, right.dataBytes)
/** No more than the first `ms` of both tracks. */
export function shortened(part: Part, ms: number): Part {
  const cut = (wav: Wav): Wav => {
    const bytes = 2 * Math.round((ms * wav.sampleRate) / 1000)
    return { ...wav, dataBytes: Math.min(wav.dataBytes, bytes) }
  }
  return { ...part, left: cut(part.left), right: cut(part.right) }
}

/** Whether the disk gives every byte of both tracks. */
export async function isReadable({ left, right }: Part): Promise<boolean> {
  try {
    for (const { path: file } of [left, right]) for await (const _ of createReadStream(file));
    return true
  } catch {
    return false
  }
}

export const lastedMs = (part: Part): number => (bytesOf(part) / 2 / part.left.sampleRate) * 1000

/** Empty when there are no files. A whole call's recorder has heard all of its legs. */
export async function partsOf(folder: string): Promise<Part[]> {
  const whole = await partIn(folder, null)
  if (whole !== null && !whole.isVoicemail && bytesOf(whole) > 0) return [whole]
  const entries = (await readdir(folder, { withFileTypes: true }).catch(unlessMissing)) ?? []
  const legs = entries.filter((entry) => entry.isDirectory() && isFolderName(entry.name))
  const parts = await Promise.all(legs.map(({ name }) => partIn(path.join(folder, name), ChannelId(name))))
  return [...(whole === null ? [] : [whole]), ...parts.filter((part) => part !== null)]
}

/** A leg or a message whose files cannot be read does not hide the others: it is a part with a failure. */
async function partIn(folder: string, leg: ChannelId | null): Promise<Part | null> {
  try {
    return await tracksIn(folder, leg)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    // A message that cannot be read is one all the same: somebody wanted something.
    if (leg === null && !existsSync(path.join(folder, messageFile))) throw error
    const nothing = { ...noWav(folder), damaged: true }
    return {
      leg,
      left: nothing,
      right: nothing,
      names: [],
      closed: false,
      writtenAt: 0,
      isVoicemail: leg === null,
      failure: error,
    }
  }
}

/** The two tracks; where one is missing or damaged, the mix on both sides, or silence in its place. */
async function tracksIn(folder: string, leg: ChannelId | null): Promise<Part | null> {
  const [caller, agent, mix, message] = await Promise.all(
    ['caller.wav', 'agent.wav', 'mix.wav', messageFile].map((name) => readWav(path.join(folder, name))),
  )
  const part = (left: Wav, right: Wav, names: Track[]): Part => ({
    leg,
    left,
    right,
    names,
    closed: left.closed && right.closed,
    writtenAt: Math.max(left.writtenAt, right.writtenAt),
    isVoicemail: false,
    failure: null,
  })
  if (isSound(message)) return { ...part(message, silenceLike(message), ['caller']), isVoicemail: true }
  if (isSound(caller) && isSound(agent)) return part(caller, agent, ['caller', 'agent'])
  if (isSound(mix)) return part(mix, mix, [])
  if (isSound(caller)) return part(caller, silenceLike(caller), ['caller'])
  if (isSound(agent)) return part(silenceLike(agent), agent, ['agent'])
  return caller && agent ? part(caller, agent, ['caller', 'agent']) : null
}

/** As `dialplan/inbound.conf` names it. */
const messageFile = 'message.wav'

const isSound = (wav: Wav | null | undefined): wav is Wav => wav !== null && wav !== undefined && !wav.damaged

const silenceLike = (wav: Wav): Wav => ({ ...wav, dataBytes: 0 })
