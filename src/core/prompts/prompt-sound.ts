/** Rules for a recorded prompt's sound: what a recording must have, and what its preparation makes of it. */
import { loudnessLufs, peakMaxDb } from './loudness.ts'
import { isMusic, type PromptName } from './recordable.ts'
import { parseWave, peakDb, quietestDb, rmsDb, secondsOf, type Wave } from './wave.ts'

/** A caller's leg is always G.711. */
export const promptRate = 8_000
export const promptSecondsMax = 60
/** Of recordings and of the machine's voice, so that a call's sentences are equally loud. */
export const promptLoudnessLufs = -24

/** Of a prepared sound. */
export interface SoundBounds {
  readonly secondsMin: number
  readonly secondsMax: number
  readonly loudnessLufs: number
}

export const voiceBounds: SoundBounds = {
  secondsMin: 0.3,
  secondsMax: promptSecondsMax,
  loudnessLufs: promptLoudnessLufs,
}
/**
 * A shorter piece is tiresome as it begins again and again. It lies 6 LU under the voice: announcements between two stretches of music are
 * clear, and a minute of waiting is no strain.
 */
export const musicBounds: SoundBounds = { secondsMin: 10, secondsMax: 240, loudnessLufs: -30 }

export const soundBoundsOf = (name: PromptName): SoundBounds => (isMusic(name) ? musicBounds : voiceBounds)
/** By so much a prepared sound may differ from it: a click is limited, and is then nearly all of a very short sound. */
const toleranceLu = 2
/** Of rounding to 16 bits. */
const peakToleranceDb = 0.1
/** Of an upload in a page's form: with silence around a minute at 16 kHz, and as much again; four minutes of music at 12 kHz. */
export const recordingBytesMax = 6_000_000

export const promptSoundFaults = [
  'no wave',
  'silent',
  'too short',
  'too long',
  'clipped',
  'not prepared',
] as const
export type PromptSoundFault = (typeof promptSoundFaults)[number]

/** Below it a microphone was off: even a soft voice far from it is louder. */
const silentBelowDb = -50
/** An overdriven voice is at full scale for much of the time; another one for moments. */
const clippedFrom = 0.97 * 32_768
const clippedShareMax = 0.05

/** Of a recording before its preparation; its length is judged without the silence around it. */
export function faultOfRecording({ samples }: Wave): PromptSoundFault | null {
  if (peakDb(samples) < silentBelowDb) return 'silent'
  return clippedShare(samples) > clippedShareMax ? 'clipped' : null
}

export function faultOfLength(
  seconds: number,
  { secondsMin, secondsMax }: SoundBounds,
): PromptSoundFault | null {
  if (seconds < secondsMin) return 'too short'
  return seconds > secondsMax ? 'too long' : null
}

/** Of the bytes that are published: they must be what a preparation gives. */
export function checkPrepared(
  bytes: Uint8Array,
  bounds: SoundBounds,
):
  | {
      readonly ok: true
      readonly lengthMs: number
      readonly loudnessLufs: number
      /** RMS, decibels of full scale. */
      readonly levelDb: number
    }
  | { readonly ok: false; readonly fault: PromptSoundFault } {
  const wave = parseWave(bytes)
  if (wave === null) return { ok: false, fault: 'no wave' }
  const seconds = secondsOf(wave)
  const loudness = loudnessLufs(wave)
  const fault = faultOfRecording(wave) ?? faultOfLength(seconds, bounds)
  if (fault !== null) return { ok: false, fault }
  const isPrepared =
    wave.rate === promptRate &&
    wave.channels === 1 &&
    Math.abs(loudness - bounds.loudnessLufs) <= toleranceLu &&
    peakDb(wave.samples) <= peakMaxDb + peakToleranceDb
  return isPrepared
    ? {
        ok: true,
        lengthMs: Math.round(seconds * 1_000),
        loudnessLufs: tenth(loudness),
        levelDb: tenth(rmsDb(wave.samples)),
      }
    : { ok: false, fault: 'not prepared' }
}

const tenth = (value: number): number => Math.round(value * 10) / 10

function clippedShare(samples: Int16Array): number {
  let clipped = 0
  for (const sample of samples) if (Math.abs(sample) >= clippedFrom) clipped += 1
  return clipped / samples.length
}

const windowSeconds = 0.02
/** Quieter windows at both ends are silence, in relation to the loudest one. */
const silentBelowLoudestDb = 35
/** A soft first consonant is below it. */
const marginSeconds = 0.1

/** Where the sound begins and ends without the silence around it, in seconds, of one channel. */
export function spokenPart(
  samples: Int16Array,
  rate: number,
): { readonly from: number; readonly to: number } {
  const size = Math.round(windowSeconds * rate)
  const levels = Array.from({ length: Math.floor(samples.length / size) }, (_, index) =>
    rmsDb(samples.subarray(index * size, (index + 1) * size)),
  )
  const loudest = levels.reduce((most, level) => Math.max(most, level), quietestDb)
  const least = Math.max(loudest - silentBelowLoudestDb, silentBelowDb)
  const first = levels.findIndex((level) => level > least)
  const last = levels.findLastIndex((level) => level > least)
  if (first < 0) return { from: 0, to: 0 }
  return {
    from: Math.max(0, (first * size) / rate - marginSeconds),
    to: Math.min(samples.length / rate, ((last + 1) * size) / rate + marginSeconds),
  }
}
