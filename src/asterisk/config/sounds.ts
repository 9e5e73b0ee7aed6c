/**
 * Makes the prompts' audio: generated speech from `asterisk-conf/prompts.ro.json` and `prompts.en.json`, or the studio's
 * recording where `<studio>/<prompt>.wav` exists (`<studio>/music.wav` for the waiting music). Unchanged
 * prompts are kept from the last start. The made sounds have a folder of their own (`heard-sounds.ts`): a
 * recording that an administrator has published is heard instead of one.
 */
import { createHash } from 'node:crypto'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { atLoudness } from '../../core/prompts/loudness.ts'
import { promptLoudnessLufs, promptRate } from '../../core/prompts/prompt-sound.ts'
import { encodeWave, parseWave } from '../../core/prompts/wave.ts'
import { madeIn, madeList, madeSounds, musicFile, ofStudio, placeSound } from './heard-sounds.ts'
import { languageOf, promptTexts } from './prompts.ts'

const run = promisify(execFile)
const workersMax = 2
/** 8 kHz: the caller's leg is always G.711. */
const telephone = ['-r', String(promptRate), '-c', '1', '-b', '16']

export async function makeSounds(soundsDir: string, studio: string): Promise<void> {
  const dir = madeIn(soundsDir)
  await mkdir(join(dir, 'music'), { recursive: true })
  await mkdir(join(soundsDir, 'music'), { recursive: true })
  const prompts = await promptTexts()
  const before = await madeSounds(soundsDir)
  const made: Record<string, string> = {}

  const make = async (
    name: string,
    target: string,
    source: string,
    build: (path: string) => Promise<void>,
  ) => {
    const recorded = join(studio, `${name}.wav`)
    const own = existsSync(recorded)
    const version = own ? `${ofStudio} ${(await stat(recorded)).mtimeMs}` : digest(source)
    made[name] = version
    if (before[name] === version && existsSync(target)) return
    // Written to a second file and renamed: an interrupted start leaves no incomplete prompt.
    const half = `${target}.half.wav`
    await (own ? run('sox', [recorded, ...telephone, half]) : build(half))
    await rename(half, target)
  }

  const queue = Object.entries(prompts)
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [name, text] = next
      await make(name, join(dir, `${name}.wav`), `${promptLoudnessLufs} LUFS ${text}`, (path) =>
        speak(text, path, languageOf(name)),
      )
    }
  }
  await Promise.all([
    ...Array.from({ length: workersMax }, worker),
    make('beep', join(dir, 'beep.wav'), beep.join(' '), playBeep),
    make('wrong-key', join(dir, 'wrong-key.wav'), wrongKey.join(' '), playWrongKey),
    make('music', join(dir, `${musicFile}.wav`), melody.join(' '), playMelody),
  ])
  await writeFile(join(dir, madeList), JSON.stringify(made))
  for (const name of Object.keys(made)) await placeSound(soundsDir, name === 'music' ? musicFile : name)
}

/** Speech in the sound of a telephone, as loud as a recorded prompt. `signal` ends the programs. */
export async function speak(text: string, path: string, voice = 'ro', signal?: AbortSignal): Promise<void> {
  const [raw, plain] = [`${path}.speech.wav`, `${path}.plain.wav`]
  // A confined server may not write to /tmp, where sox would put its own file.
  const ownTemp = ['--temp', dirname(path)]
  try {
    // It cuts paths of more than 200 characters.
    const inFolder = { cwd: dirname(raw), signal }
    await run('espeak-ng', ['-v', voice, '-s', '150', '-w', basename(raw), '--', text], inFolder)
    await run('sox', [...ownTemp, raw, ...telephone, plain, 'highpass', '150', 'norm', '-3'], { signal })
    const made = parseWave(await readFile(plain))
    if (made === null) throw new Error('sox has made no sound')
    await writeFile(path, encodeWave(atLoudness(made.samples, promptRate, promptLoudnessLufs), promptRate))
  } finally {
    await Promise.all([raw, plain].map((file) => rm(file, { force: true })))
  }
}

/** A short falling tone, in every language. */
const wrongKey = ['synth', '0.3', 'sine', '620-440', 'fade', 'h', '0.02', '0.3', '0.05', 'norm', '-9']

async function playWrongKey(path: string): Promise<void> {
  await run('sox', ['-R', '-n', ...telephone, path, ...wrongKey])
}

/** The tone after which a message is recorded. */
const beep = ['synth', '0.4', 'sine', '1000', 'fade', 'h', '0.02', '0.4', '0.02', 'norm', '-9']

async function playBeep(path: string): Promise<void> {
  await run('sox', ['-R', '-n', ...telephone, path, ...beep])
}

const melody = [
  'C4 E4 G4',
  'A3 C4 E4',
  'F3 A3 C4',
  'G3 B3 D4',
  'E3 G3 B3',
  'F3 A3 C4',
  'D3 F3 A3',
  'G3 B3 D4',
]
const chordSeconds = 3

/** Soft plucked chords, clearly quieter than a voice. */
async function playMelody(path: string): Promise<void> {
  const parts = melody.map((_, index) => `${path}.${index}.wav`)
  for (const [index, chord] of melody.entries()) {
    const notes = chord.split(' ').flatMap((note) => ['pluck', note])
    const target = parts[index] ?? path
    await run('sox', [
      '-R',
      '-n',
      ...telephone,
      target,
      'synth',
      String(chordSeconds),
      ...notes,
      'remix',
      '-',
      'fade',
      'h',
      '0.02',
      String(chordSeconds),
      '0.5',
      'norm',
      '-16',
    ])
  }
  await run('sox', [...parts, path])
  await Promise.all(parts.map((part) => rm(part)))
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16)
