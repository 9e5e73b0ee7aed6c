/** Test tones, and their detection in received audio. */
import { readFile } from 'node:fs/promises'
import { decodeAlaw, encodeAlaw, frameBytes, sampleRate } from '../../../tools/demo/calls/alaw.ts'
import type { RtpEnd } from '../../../tools/demo/calls/rtp.ts'
import { until } from '../until.ts'

/** One second of a tone as A-law; whole periods, so that it repeats without a click. */
export function tone(hertz: number, level = 0.4): Buffer {
  const samples = Int16Array.from({ length: sampleRate }, (_, index) =>
    Math.round(level * 32767 * Math.sin((2 * Math.PI * hertz * index) / sampleRate)),
  )
  return encodeAlaw(samples)
}

/** The tone for so many seconds as a file: 8 kHz, 16 bits, one channel. */
export function toneWave(hertz: number, seconds: number): Buffer {
  const second = decodeAlaw(tone(hertz))
  const samples = Int16Array.from(
    { length: second.length * seconds },
    (_, index) => second[index % second.length] ?? 0,
  )
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + samples.length * 2, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(8_000, 24)
  header.writeUInt32LE(16_000, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36)
  header.writeUInt32LE(samples.length * 2, 40)
  return Buffer.concat([header, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)])
}

/** The share of the signal's power at this frequency, 0–1. */
export function shareOf(hertz: number, samples: Int16Array, rate = sampleRate): number {
  let power = 0
  for (const sample of samples) power += sample * sample
  if (power === 0) return 0
  return Math.min(1, (2 * powerAt(hertz, samples, rate)) / (samples.length * power))
}

/** The amplitude of a tone in samples that hold whole periods of it, 0–1 of full scale. */
export function amplitudeOf(hertz: number, samples: Int16Array, rate = sampleRate): number {
  if (samples.length === 0) return 0
  return (2 * Math.sqrt(powerAt(hertz, samples, rate))) / samples.length / 32768
}

/** The squared magnitude of the signal's spectrum at this frequency (Goertzel). */
function powerAt(hertz: number, samples: Int16Array, rate: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hertz) / rate)
  let before = 0
  let last = 0
  for (const sample of samples) {
    const next = sample + coefficient * last - before
    before = last
    last = next
  }
  return last * last + before * before - coefficient * last * before
}

/** Root of the mean square, 0–1 of full scale. */
export function loudness(samples: Int16Array): number {
  if (samples.length === 0) return 0
  let power = 0
  for (const sample of samples) power += sample * sample
  return Math.sqrt(power / samples.length) / 32768
}

/**
 * Whether a tone is audible and has most of the signal's power. It is measured in pieces of 50 ms, because a late
 * packet on a busy machine shifts the tone's phase.
 */
export function hasTone(hertz: number, samples: Int16Array, rate = sampleRate): boolean {
  const size = rate / 20
  let power = 0
  let ofTone = 0
  for (let from = 0; from < samples.length; from += size) {
    const piece = samples.subarray(from, from + size)
    const inPiece = loudness(piece) ** 2 * piece.length
    power += inPiece
    ofTone += inPiece * shareOf(hertz, piece, rate)
  }
  return loudness(samples) > 0.01 && ofTone > power / 2
}

/**
 * The largest share of a tone in any piece of 50 ms, 0–1. Of a whole recording the share proves little: it falls with the time that
 * others talk, and a late packet in the middle shifts the phase, so that the two halves cancel each other.
 */
export function topShareOf(hertz: number, samples: Int16Array, rate = sampleRate): number {
  const size = rate / 20
  let top = 0
  for (let from = 0; from + size <= samples.length; from += size)
    top = Math.max(top, shareOf(hertz, samples.subarray(from, from + size), rate))
  return top
}

/** How many samples an RTP end has received. */
export const samplesHeard = (end: RtpEnd): number =>
  end.heard().reduce((all, { alaw }) => all + alaw.length, 0)

/** The samples that an RTP end has received since then (`performance.now()`). */
export function heardSince(end: RtpEnd, since: number): Int16Array {
  return decodeAlaw(
    Buffer.concat(
      end
        .heard()
        .filter((each) => each.at >= since)
        .map((each) => each.alaw),
    ),
  )
}

const momentMs = 600

/** What an RTP end has received in the last moments. */
export const heardLately = (end: RtpEnd): Int16Array => heardSince(end, performance.now() - momentMs)

/** An RTP end hears this tone now, and hardly anything else. */
export const hears = (end: RtpEnd, hertz: number): boolean => hasTone(hertz, heardLately(end))

/** The parties, each with a tone, that one of them hears now. Music has no such steady part of the power. */
export function heardBy<Party extends string>(
  tones: Readonly<Record<Party, number>>,
  end: RtpEnd,
  but: Party,
): Party[] {
  const samples = heardLately(end)
  if (loudness(samples) < 0.01) return []
  return (Object.keys(tones) as Party[]).filter(
    (party) => party !== but && shareOf(tones[party], samples) > 0.15,
  )
}

/** Milliseconds between consecutive packets that an RTP end has received since then (`performance.now()`). */
export function gapsSince(end: RtpEnd, since: number): readonly number[] {
  const times = end.heard().flatMap(({ at }) => (at >= since ? [at] : []))
  return times.slice(1).map((at, index) => at - (times[index] ?? at))
}

/** A mono wave file, once Asterisk has closed it: the number of samples is written into its header only then. */
export async function closedTrack(path: string): Promise<{ rate: number; samples: Int16Array }> {
  let track = { rate: 0, samples: new Int16Array() as Int16Array }
  await until(async () => {
    const wave = await readWave(path).catch(() => null)
    track = { rate: wave?.rate ?? 0, samples: wave?.channels[0] ?? track.samples }
    return track.samples.length > 0
  })
  return track
}

/** The samples of a 16-bit PCM wave file, one array a channel. */
export async function readWave(path: string): Promise<{ rate: number; channels: Int16Array[] }> {
  const bytes = await readFile(path)
  if (bytes.toString('latin1', 0, 4) !== 'RIFF') throw new Error(`${path} is not a wave file`)
  let offset = 12
  let rate = sampleRate
  let count = 1
  while (offset + 8 <= bytes.length) {
    const name = bytes.toString('latin1', offset, offset + 4)
    const size = Math.min(bytes.readUInt32LE(offset + 4), bytes.length - offset - 8)
    if (name === 'fmt ') {
      count = bytes.readUInt16LE(offset + 10)
      rate = bytes.readUInt32LE(offset + 12)
    }
    if (name === 'data') {
      const frames = Math.floor(size / 2 / count)
      const channels = Array.from({ length: count }, (_, channel) =>
        Int16Array.from({ length: frames }, (__, frame) =>
          bytes.readInt16LE(offset + 8 + 2 * (frame * count + channel)),
        ),
      )
      return { rate, channels }
    }
    offset += 8 + size + (size % 2)
  }
  throw new Error(`${path} has no data chunk`)
}

/** Whether a tone is among those that are heard. Music has no such steady part of the power. */
export function contains(hertz: number, samples: Int16Array, rate = sampleRate): boolean {
  const size = rate / 20
  let power = 0
  let ofTone = 0
  for (let from = 0; from + size <= samples.length; from += size) {
    const piece = samples.subarray(from, from + size)
    const inPiece = loudness(piece) ** 2 * piece.length
    power += inPiece
    ofTone += inPiece * shareOf(hertz, piece, rate)
  }
  return loudness(samples) > 0.01 && ofTone > power * 0.15
}

const beepMs = 4_000

/** Whether a short tone was among the last seconds: a look at the present moment would miss it on a busy machine. */
export function hasHeardBeep(end: RtpEnd, hertz: number): boolean {
  const samples = heardSince(end, performance.now() - beepMs)
  const size = sampleRate / 10
  let inRow = 0
  for (let from = 0; from + size <= samples.length && inRow < 3; from += size) {
    const piece = samples.subarray(from, from + size)
    inRow = loudness(piece) > 0.01 && shareOf(hertz, piece, sampleRate) > 0.8 ? inRow + 1 : 0
  }
  return inRow === 3
}

/** As much of a sound as tells it from another one. */
const momentOfSound = sampleRate / 2
const packetsOfMoment = momentOfSound / frameBytes

/** Whether a sound is among what was heard: half a second of it, the loudest, at the closest fit. */
export const hasHeard = (sound: Int16Array, heard: Int16Array): boolean => {
  const [loudest] = momentsOf(sound)
  return loudest !== undefined && placeOf(loudest.samples, heard) !== null
}

/**
 * Waits for one sound after the other: each must follow the one before it. Nothing is missed between two looks, however long a
 * busy machine takes for one, and nothing is looked at twice. It tells from when on what follows the sound is heard, by
 * `performance.now()`. `since`: what was heard before does not count.
 */
export function listenTo(end: RtpEnd, since = 0): (sound: Int16Array) => Promise<number> {
  let from = since
  return async (sound) => {
    const [loudest] = momentsOf(sound)
    if (loudest === undefined) throw new Error('the sound is too short to be told from another one')
    await until(() => {
      const packets = end.heard().filter(({ at }) => at >= from)
      const place = placeOf(loudest.samples, decodeAlaw(Buffer.concat(packets.map(({ alaw }) => alaw))))
      // Of a sound that is not there yet, the beginning may be.
      const seen =
        place === null ? packets.length - packetsOfMoment : Math.ceil(place / frameBytes) + packetsOfMoment
      // The sound that was found is not found again, though nothing has followed it yet.
      from = packets[seen]?.at ?? (place === null ? from : performance.now())
      return place !== null
    })
    return from
  }
}

/** A lost packet moves what follows it. */
const slackOfPlace = sampleRate / 5

/** So much of a sound at least: on a busy machine packets are lost. Sounds that begin alike have less in common. */
const mostOfSound = 0.75

/** Whether a sound was heard as a whole: nearly all half seconds with a voice in them, each in its place. */
export function hasHeardWhole(sound: Int16Array, heard: Int16Array): boolean {
  const [loudest, ...others] = momentsOf(sound)
  const place = loudest === undefined ? null : placeOf(loudest.samples, heard)
  if (loudest === undefined || place === null) return false
  const spoken = others.filter(({ samples }) => loudness(samples) > loudness(loudest.samples) / 4)
  const isInPlace = ({ from, samples }: Moment): boolean => {
    const at = place + from - loudest.from
    return (
      placeOf(samples, heard.subarray(Math.max(0, at - slackOfPlace), at + momentOfSound + slackOfPlace)) !==
      null
    )
  }
  return spoken.filter(isInPlace).length >= spoken.length * mostOfSound
}

/** Half seconds begin so far apart where the one is looked for that a sound has alone. */
const stepOfPart = sampleRate / 20

/**
 * The loudest half second of a sound that is in none of the others: sentences of one voice have their first and last words in
 * common, and one differing word is too little for `hasHeardWhole`.
 */
export function partOnlyIn(sound: Int16Array, others: readonly Int16Array[]): Int16Array {
  const parts = Array.from({ length: Math.floor((sound.length - momentOfSound) / stepOfPart) }, (_, nth) =>
    sound.subarray(nth * stepOfPart, nth * stepOfPart + momentOfSound),
  ).toSorted((one, other) => loudness(other) - loudness(one))
  const own = parts.find((part) => others.every((other) => placeOf(part, other, 0.75) === null))
  if (own === undefined) throw new Error('the sound has no part of its own')
  return own
}

interface Moment {
  readonly from: number
  readonly samples: Int16Array
}

/** The half seconds of a sound, the loudest first. */
const momentsOf = (sound: Int16Array): readonly Moment[] =>
  Array.from({ length: Math.floor(sound.length / momentOfSound) }, (_, nth) => nth * momentOfSound)
    .map((from) => ({ from, samples: sound.subarray(from, from + momentOfSound) }))
    .toSorted((one, other) => loudness(other.samples) - loudness(one.samples))

/** Packets that are lost, and the coding, leave so much of a moment. */
const sameFit = 0.9

/** The sample at which a moment of a sound is heard; null: it is not. */
function placeOf(moment: Int16Array, heard: Int16Array, fitMin = sameFit): number | null {
  if (heard.length < momentOfSound) return null
  let best = { fit: 0, at: 0 }
  const power = powerOf(moment)
  let heardPower = powerOf(heard.subarray(0, momentOfSound))
  for (let at = 0; at + momentOfSound <= heard.length; at += 1) {
    if (at > 0) heardPower += (heard[at + momentOfSound - 1] ?? 0) ** 2 - (heard[at - 1] ?? 0) ** 2
    const whole = Math.sqrt(power * Math.max(1, heardPower))
    // Most places are ruled out by a few of their samples, so that a look costs milliseconds.
    if (productOf(moment, heard, at, fewSamples) < whole / 2) continue
    const fit = productOf(moment, heard, at, 1) / whole
    if (fit > best.fit) best = { fit, at }
  }
  return best.fit > fitMin ? best.at : null
}

const fewSamples = 16

/** Of every `step`-th sample, as an estimate of the product of all. */
function productOf(moment: Int16Array, heard: Int16Array, at: number, step: number): number {
  let product = 0
  for (let index = 0; index < momentOfSound; index += step)
    product += (moment[index] ?? 0) * (heard[at + index] ?? 0)
  return product * step
}

function powerOf(samples: Int16Array): number {
  let power = 0
  for (const sample of samples) power += sample * sample
  return power
}
