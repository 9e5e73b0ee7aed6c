/** Asterisk's files of a call: a folder for each agent's leg, with a track for each voice. */
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { ChannelId, type Millis } from '../../core/ids.ts'
import type { Track } from '../../ledger/recordings/tables.ts'
import { unlessMissing } from '../../missing-file.ts'
import { isFolderName } from './folder-name.ts'
import { readWav, type Wav } from './wav.ts'

export interface Part {
  /** The channel of the agent's phone; null: the whole call, recorded by the dialplan of an earlier release. */
  readonly leg: ChannelId | null
  readonly left: Wav
  readonly right: Wav
  /** The voices on their own tracks; none: both sides hold the mix. */
  readonly names: Track[]
  readonly closed: boolean
  /** When the later track was last written. */
  readonly writtenAt: Millis
}

export const bytesOf = ({ left, right }: Part): number => Math.max(left.dataBytes, right.dataBytes)
export const lastedMs = (part: Part): number => (bytesOf(part) / 2 / part.left.sampleRate) * 1000

/** Empty when there are no files. A whole call's recorder has heard all of its legs. */
export async function partsOf(folder: string): Promise<Part[]> {
  const whole = await partIn(folder, null)
  if (whole !== null && bytesOf(whole) > 0) return [whole]
  const entries = (await readdir(folder, { withFileTypes: true }).catch(unlessMissing)) ?? []
  const legs = entries.filter((entry) => entry.isDirectory() && isFolderName(entry.name))
  const parts = await Promise.all(legs.map(({ name }) => partIn(path.join(folder, name), ChannelId(name))))
  return [...(whole === null ? [] : [whole]), ...parts.filter((part) => part !== null)]
}

/** The two tracks; where one is missing or damaged, the mix on both sides, or silence in its place. */
async function partIn(folder: string, leg: ChannelId | null): Promise<Part | null> {
  const [caller, agent, mix] = await Promise.all(
    ['caller.wav', 'agent.wav', 'mix.wav'].map((name) => readWav(path.join(folder, name))),
  )
  const part = (left: Wav, right: Wav, names: Track[]): Part => ({
    leg,
    left,
    right,
    names,
    closed: left.closed && right.closed,
    writtenAt: Math.max(left.writtenAt, right.writtenAt),
  })
  if (isSound(caller) && isSound(agent)) return part(caller, agent, ['caller', 'agent'])
  if (isSound(mix)) return part(mix, mix, [])
  if (isSound(caller)) return part(caller, silenceLike(caller), ['caller'])
  if (isSound(agent)) return part(silenceLike(agent), agent, ['agent'])
  return caller && agent ? part(caller, agent, ['caller', 'agent']) : null
}

const isSound = (wav: Wav | null | undefined): wav is Wav => wav !== null && wav !== undefined && !wav.damaged

const silenceLike = (wav: Wav): Wav => ({ ...wav, dataBytes: 0 })
