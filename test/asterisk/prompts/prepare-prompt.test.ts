/** Measured with sox's own `stats`. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { preparePrompt } from '../../../src/asterisk/prompts/prepare-prompt.ts'
import { speak } from '../../../src/asterisk/config/sounds.ts'
import { loudnessLufs, peakMaxDb } from '../../../src/core/prompts/loudness.ts'
import {
  checkPrepared,
  musicBounds,
  promptLoudnessLufs,
  promptRate,
  voiceBounds,
} from '../../../src/core/prompts/prompt-sound.ts'
import { encodeWave, parseWave, peakDb, rmsDb } from '../../../src/core/prompts/wave.ts'

const run = promisify(execFile)
const dir = mkdtempSync(join(tmpdir(), 'linia-test-'))
const { TMPDIR: usual } = process.env
// Where the preparation puts its files.
process.env['TMPDIR'] = dir
t.teardown(() => {
  if (usual === undefined) delete process.env['TMPDIR']
  else process.env['TMPDIR'] = usual
  rmSync(dir, { recursive: true })
})

/** A recording made by sox, as the page sends one. */
async function recorded(...effects: string[]): Promise<Buffer> {
  const file = join(dir, 'recording.wav')
  await run('sox', ['-D', '-R', '-n', '-r', '16000', '-c', '1', '-b', '16', file, ...effects])
  return readFile(file)
}

async function prepared(recording: Uint8Array, bounds = voiceBounds): Promise<Buffer> {
  const made = await preparePrompt(recording, bounds)
  if (!made.ok) throw new Error(made.fault)
  return made.sound
}

/** By the words of `sox stats`: “Pk lev dB”, “RMS lev dB”, “Length s”. */
async function stats(sound: Uint8Array): Promise<Record<string, number>> {
  const file = join(dir, 'prepared.wav')
  await writeFile(file, sound)
  const { stderr } = await run('sox', [file, '-n', 'stats'])
  return Object.fromEntries(
    stderr.split('\n').flatMap((line) => {
      const [, name, value] = /^(.+?)\s+(-?[\d.]+)$/.exec(line.trim()) ?? []
      return name === undefined ? [] : [[name, Number(value)]]
    }),
  )
}

void t.test('a quiet recording and a loud one come out at the same level', async (t) => {
  for (const gain of ['-34', '-1']) {
    const recording = await recorded('synth', '3', 'sine', '700', 'gain', gain)
    const sound = await prepared(recording)
    const lufs = loudnessLufs(parseWave(sound)!)
    t.ok(Math.abs(lufs - promptLoudnessLufs) < 0.1, `${gain} dB: ${lufs}`)
    // Of a tone at 700 Hz, where the filters change little, less the fixed 0.7.
    const { 'RMS lev dB': rms = 0 } = await stats(sound)
    t.ok(Math.abs(rms - promptLoudnessLufs) < 1, `${rms}`)
  }
})

void t.test('speech comes out at the level, and is what may be published', async (t) => {
  const file = join(dir, 'speech.wav')
  await speak('Bună ziua! Ați sunat la nouă, șase, nouă. Vă rugăm să rămâneți pe fir.', file)
  const sound = await prepared(await readFile(file))
  const of = await stats(sound)
  t.ok((of['Pk lev dB'] ?? 0) <= peakMaxDb, `${of['Pk lev dB']}`)
  const { samples } = parseWave(sound)!
  t.ok(Math.abs(rmsDb(samples) - of['RMS lev dB']!) < 0.05, 'the register has what sox measures')
  t.ok(Math.abs(peakDb(samples) - of['Pk lev dB']!) < 0.05)
  t.match(checkPrepared(sound, voiceBounds), { ok: true })
  t.ok(sound.equals(await prepared(await readFile(file))), 'the same recording gives the same bytes')
})

void t.test(
  'a recorded sentence and the machine’s one are equally loud, with pauses and noise too',
  async (t) => {
    const made = join(dir, 'made.wav')
    await speak('Bună ziua! Ați sunat la primărie. Toate liniile sunt ocupate.', made)
    const machine = parseWave(await readFile(made))!
    t.ok(Math.abs(loudnessLufs(machine) - promptLoudnessLufs) < 0.1, `${loudnessLufs(machine)}`)
    t.ok(peakDb(machine.samples) <= peakMaxDb)
    const quarter = machine.samples.map((sample) => sample / 4)
    const pause = new Int16Array(3 * promptRate)
    let seed = 1
    const noise = (sample: number) => {
      seed = (seed * 48_271) % 2_147_483_647
      return sample + (seed / 2_147_483_647 - 0.5) * 100
    }
    const withPauses = Int16Array.from([...quarter, ...pause, ...quarter, ...pause, ...quarter])
    for (const [what, samples] of Object.entries({
      plain: quarter,
      'with pauses': withPauses,
      'with noise in the pauses': withPauses.map(noise),
    })) {
      const { samples: recording } = parseWave(await prepared(encodeWave(samples, promptRate)))!
      // The voice alone, whose blocks are the same in each.
      const lufs = loudnessLufs({
        samples: recording.subarray(0, quarter.length - promptRate / 2),
        channels: 1,
        rate: promptRate,
      })
      t.ok(Math.abs(lufs - promptLoudnessLufs) < 0.8, `${what}: ${lufs} LUFS`)
    }
  },
)

void t.test('silence is cut off at both ends, and hum below a voice is removed', async (t) => {
  const recording = await recorded('synth', '2', 'sine', '700', 'gain', '-20', 'pad', '1.5', '2.5')
  const of = await stats(await prepared(recording))
  t.ok(Math.abs((of['Length s'] ?? 0) - 2.2) < 0.1, `${of['Length s']} s`)
  const hum = await recorded('synth', '2', 'sine', '700', 'synth', 'sine', 'mix', '30', 'gain', '-6')
  const share = (wave: Uint8Array) => parseWave(wave)!
  const clean = share(await prepared(hum))
  const low = Math.hypot(...spectrumAt(30, clean.samples, clean.rate))
  const voice = Math.hypot(...spectrumAt(700, clean.samples, clean.rate))
  t.ok(low < voice / 5, `${low} of ${voice}`)
})

function spectrumAt(hertz: number, samples: Int16Array, rate: number): [number, number] {
  let [re, im] = [0, 0]
  for (const [index, sample] of samples.entries()) {
    re += sample * Math.cos((2 * Math.PI * hertz * index) / rate)
    im += sample * Math.sin((2 * Math.PI * hertz * index) / rate)
  }
  return [re, im]
}

void t.test('two channels become one, at any rate', async (t) => {
  const file = join(dir, 'stereo.wav')
  await run('sox', [
    '-n',
    '-r',
    '48000',
    '-c',
    '2',
    '-b',
    '16',
    file,
    'synth',
    '2',
    'sine',
    '700',
    'gain',
    '-9',
  ])
  const wave = parseWave(await prepared(await readFile(file)))
  t.match(wave, { rate: 8_000, channels: 1 })
})

void t.test('what cannot be a prompt is refused, and leaves no file', async (t) => {
  const second = ['synth', '1', 'sine', '700', 'gain', '-12']
  for (const [fault, recording] of [
    ['no wave', Buffer.from('OggS, nu WAV')],
    ['silent', await recorded('trim', '0', '3')],
    ['silent', await recorded('synth', '2', 'whitenoise', 'gain', '-60')],
    ['too short', await recorded('synth', '0.05', 'sine', '700', 'gain', '-12', 'pad', '1', '1')],
    ['too long', await recorded('synth', '61', 'sine', '700', 'gain', '-12')],
    ['clipped', await recorded('synth', '2', 'sine', '700', 'gain', '12')],
  ] as const)
    t.same(await preparePrompt(recording, voiceBounds), { ok: false, fault }, fault)
  t.match(await preparePrompt(await recorded(...second), voiceBounds), { ok: true })
  t.same(
    (await readdir(dir)).filter((name) => name.startsWith('linia-prompt-')),
    [],
  )
})

void t.test('music is softer than a voice, and may be longer; what is no piece is refused', async (t) => {
  const chord = ['sine', '523', 'sine', '659', 'sine', '784', 'remix', '-']
  const sound = await prepared(await recorded('synth', '230', ...chord, 'gain', '-3'), musicBounds)
  const wave = parseWave(sound)!
  t.ok(Math.abs(loudnessLufs(wave) - musicBounds.loudnessLufs) < 0.1, `${loudnessLufs(wave)} LUFS`)
  t.match(checkPrepared(sound, musicBounds), { ok: true, lengthMs: 230_000 })
  t.match(checkPrepared(sound, voiceBounds), { fault: 'too long' })
  for (const [fault, recording] of [
    ['too short', await recorded('synth', '5', ...chord, 'gain', '-3')],
    ['too short', await recorded('synth', '5', ...chord, 'gain', '-3', 'pad', '10', '10')],
    ['too long', await recorded('synth', '241', ...chord, 'gain', '-3')],
    ['silent', await recorded('trim', '0', '60')],
  ] as const)
    t.same(await preparePrompt(recording, musicBounds), { ok: false, fault }, fault)
  const voice = await prepared(await recorded('synth', '12', ...chord, 'gain', '-3'))
  t.same(checkPrepared(voice, musicBounds), { ok: false, fault: 'not prepared' }, 'as loud as a voice')
})
