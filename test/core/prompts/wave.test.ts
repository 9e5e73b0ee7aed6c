import t from 'tap'
import { atLoudness } from '../../../src/core/prompts/loudness.ts'
import { languageOf, promptTexts } from '../../../src/asterisk/config/prompts.ts'
import {
  checkPrepared,
  faultOfLength,
  faultOfRecording,
  musicBounds,
  promptLoudnessLufs,
  promptRate,
  soundBoundsOf,
  spokenPart,
  voiceBounds,
} from '../../../src/core/prompts/prompt-sound.ts'
import { recordablePrompts } from '../../../src/core/prompts/recordable.ts'
import {
  encodeWave,
  parseWave,
  peakDb,
  quietestDb,
  rmsDb,
  secondsOf,
} from '../../../src/core/prompts/wave.ts'

const sine = (level: number, seconds: number, rate = promptRate, hertz = 440) =>
  Int16Array.from({ length: seconds * rate }, (_, index) =>
    Math.round(level * 32_767 * Math.sin((2 * Math.PI * hertz * index) / rate)),
  )
const prepared = (lufs = promptLoudnessLufs, seconds = 1, rate = promptRate) =>
  encodeWave(atLoudness(sine(0.5, seconds, rate), rate, lufs), rate)

void t.test('what is encoded is parsed again, with its level', async (t) => {
  const samples = sine(0.5, 2, 16_000)
  const wave = parseWave(encodeWave(samples, 16_000))
  t.match(wave, { rate: 16_000, channels: 1 })
  t.same(wave?.samples, samples)
  t.equal(secondsOf(wave!), 2)
  t.ok(Math.abs(peakDb(samples) + 6) < 0.1, `${peakDb(samples)}`)
  t.ok(Math.abs(rmsDb(samples) + 9) < 0.1, `${rmsDb(samples)}`)
  t.equal(peakDb(new Int16Array(8)), quietestDb)
  t.equal(rmsDb(new Int16Array(0)), quietestDb)
})

void t.test('a file of another coding, or none at all, is not parsed', async (t) => {
  const good = encodeWave(sine(0.5, 1), promptRate)
  const changed = (at: number, ...bytes: number[]) => {
    const copy = Uint8Array.from(good)
    copy.set(bytes, at)
    return copy
  }
  for (const [name, bytes] of Object.entries({
    empty: new Uint8Array(0),
    text: new TextEncoder().encode('nu este un sunet, ci o propoziție'),
    'header alone': good.subarray(0, 12),
    'no format before the data': changed(12, ...Buffer.from('junk')),
    'A-law': changed(20, 6),
    '8 bits': changed(34, 8),
    'no channel': changed(22, 0),
    'three channels': changed(22, 3),
    'no rate': changed(24, 0, 0, 0, 0),
    'format of four bytes': changed(16, 4),
    'not RIFF': changed(0, 0),
  }))
    t.equal(parseWave(bytes), null, name)
})

void t.test('a length that the file does not have is bounded by the file', async (t) => {
  const good = encodeWave(sine(0.5, 1), promptRate)
  const piped = Uint8Array.from(good)
  piped.fill(0xff, 40, 44)
  t.equal(parseWave(piped)?.samples.length, promptRate)
  t.equal(parseWave(good.subarray(0, 44 + 101))?.samples.length, 50, 'a sample that is cut is left out')
  const withTags = Buffer.concat([
    good.subarray(0, 36),
    Buffer.from('LIST'),
    Buffer.from([3, 0, 0, 0, 1, 2, 3, 0]),
    good.subarray(36),
  ])
  t.equal(parseWave(withTags)?.samples.length, promptRate, 'other chunks are skipped')
})

void t.test('the longer form of the header is read, two channels too', async (t) => {
  const header = Buffer.alloc(60)
  header.write('RIFF', 0)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(40, 16)
  header.writeUInt16LE(0xfffe, 20)
  header.writeUInt16LE(2, 22)
  header.writeUInt32LE(48_000, 24)
  header.writeUInt16LE(16, 34)
  header.writeUInt16LE(1, 44)
  const data = Buffer.from([...Buffer.from('data'), 8, 0, 0, 0, 1, 0, 2, 0, 3, 0, 4, 0])
  const wave = parseWave(Buffer.concat([header, data]))
  t.match(wave, { rate: 48_000, channels: 2 })
  t.same([...(wave?.samples ?? [])], [1, 2, 3, 4])
  t.equal(parseWave(Buffer.concat([header.fill(3, 44, 45), data])), null, 'floating point')
})

void t.test('recordings that cannot be used', async (t) => {
  const fault = (samples: Int16Array) => faultOfRecording({ rate: promptRate, channels: 1, samples })
  t.equal(fault(sine(0, 1)), 'silent')
  t.equal(fault(new Int16Array(0)), 'silent')
  t.equal(fault(sine(0.002, 1)), 'silent')
  t.equal(fault(sine(0.01, 1)), null, 'a soft voice')
  t.equal(fault(sine(0.96, 1)), null, 'loud, and not overdriven')
  const overdriven = sine(1, 1).map((sample) => Math.max(-32_768, Math.min(32_767, sample * 3)))
  t.equal(fault(overdriven), 'clipped')
  const once = sine(0.9, 2)
  once.fill(32_767, 800, 830)
  t.equal(fault(once), null, 'a knock on the microphone')
  t.equal(faultOfLength(0.29, voiceBounds), 'too short')
  t.equal(faultOfLength(60.1, voiceBounds), 'too long')
  t.equal(faultOfLength(60, voiceBounds), null)
})

void t.test('what is published is a prepared sound', async (t) => {
  const good = checkPrepared(prepared(), voiceBounds)
  t.match(good, { ok: true, lengthMs: 1_000 })
  t.ok(good.ok && Math.abs(good.loudnessLufs - promptLoudnessLufs) < 0.2)
  const withClick = parseWave(prepared(promptLoudnessLufs, 5))!.samples
  withClick[4_000] = 32_000
  for (const [fault, bytes] of [
    ['no wave', new Uint8Array(100)],
    ['silent', encodeWave(sine(0, 1), promptRate)],
    ['too short', prepared(promptLoudnessLufs, 0.1)],
    ['too long', prepared(promptLoudnessLufs, 61)],
    ['not prepared', prepared(promptLoudnessLufs + 6)],
    ['not prepared', prepared(promptLoudnessLufs - 6)],
    ['not prepared', prepared(promptLoudnessLufs, 1, 16_000)],
    ['not prepared', encodeWave(withClick, promptRate)],
  ] as const)
    t.same(checkPrepared(bytes, voiceBounds), { ok: false, fault }, fault)
})

void t.test('music is longer than a sentence, and lies under the voices', async (t) => {
  t.equal(soundBoundsOf('music'), musicBounds)
  t.equal(soundBoundsOf('greeting'), voiceBounds)
  const { secondsMin, secondsMax, loudnessLufs } = musicBounds
  t.equal(faultOfLength(secondsMin - 0.1, musicBounds), 'too short')
  t.equal(faultOfLength(secondsMin, musicBounds), null)
  t.equal(faultOfLength(secondsMax, musicBounds), null)
  t.equal(faultOfLength(secondsMax + 0.1, musicBounds), 'too long')
  t.match(checkPrepared(prepared(loudnessLufs, secondsMin), musicBounds), { ok: true })
  t.ok(loudnessLufs <= promptLoudnessLufs - 6)
})

void t.test('the silence at both ends is found, with a margin', async (t) => {
  const silence = new Int16Array(promptRate)
  const sound = Int16Array.from([...silence, ...sine(0.5, 2), ...silence])
  const { from, to } = spokenPart(sound, promptRate)
  t.ok(Math.abs(from - 0.9) < 0.03 && Math.abs(to - 3.1) < 0.03, `${from}–${to}`)
  t.same(spokenPart(silence, promptRate), { from: 0, to: 0 })
  t.same(spokenPart(sine(0.5, 1), promptRate), { from: 0, to: 1 }, 'nothing to cut')
  const withPause = Int16Array.from([...sine(0.5, 1), ...silence, ...sine(0.1, 1)])
  t.same(spokenPart(withPause, promptRate), { from: 0, to: 3 }, 'a pause inside stays')
})

void t.test('whole sentences may be spoken; the others are pieces of dates and times', async (t) => {
  const texts = await promptTexts()
  for (const prompt of recordablePrompts) t.match(texts[prompt], /^\p{Lu}.*\.$/u, prompt)
  const pieces = Object.keys(texts).filter(
    (name) => languageOf(name) === 'ro' && !(recordablePrompts as readonly string[]).includes(name),
  )
  for (const name of pieces) t.match(name, /^(?:opens|today|tomorrow|(?:weekday|month|day|hour|minute)-\d+)$/)
})
