/**
 * Makes the prompts' audio: generated speech from `asterisk-conf/prompts.ro.json` and `prompts.en.json`, or the studio's
 * recording where `<studio>/<prompt>.wav` exists (`<studio>/music.wav` for the waiting music). Unchanged
 * prompts are kept from the last start. The made sounds have a folder of their own (`heard-sounds.ts`): a
 * recording that an administrator has published is heard instead of one.
 */
import { createHash } from 'node:crypto'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { lineLanguages, type Language } from '../../core/configuration/menu.ts'
import { atLoudness } from '../../core/prompts/loudness.ts'
import { promptLoudnessLufs, promptRate } from '../../core/prompts/prompt-sound.ts'
import { encodeWave } from '../../core/prompts/wave.ts'
import { espeakSpeech } from '../speech/espeak.ts'
import type { Speech, Voice } from '../speech/speech.ts'
import { telephone } from '../speech/telephone.ts'
import { keepMadeSounds, madeIn, madeSounds, musicFile, ofStudio, placeSound } from './heard-sounds.ts'
import { languageOf, promptTexts } from './prompts.ts'

const run = promisify(execFile)
const workersMax = 2

export async function makeSounds(
  soundsDir: string,
  studio: string,
  speech: Speech = espeakSpeech,
): Promise<void> {
  const dir = madeIn(soundsDir)
  await mkdir(join(dir, 'music'), { recursive: true })
  await mkdir(join(soundsDir, 'music'), { recursive: true })
  const prompts = await promptTexts()
  const before = await madeSounds(soundsDir)
  const made: Record<string, string> = {}

  let keeping = Promise.resolve()
  /** After each sound, one write after the other: a start that is interrupted goes on where it was. */
  const keep = (): Promise<void> =>
    (keeping = keeping.then(() => keepMadeSounds(soundsDir, { ...before, ...made })))

  /** `build` answers with its version, where that is not the expected one. */
  const make = async (
    name: string,
    target: string,
    expected: string,
    build: (path: string) => Promise<string>,
  ) => {
    const recorded = join(studio, `${name}.wav`)
    const own = existsSync(recorded)
    const version = own ? `${ofStudio} ${(await stat(recorded)).mtimeMs}` : expected
    if ((made[name] ?? before[name]) === version && existsSync(target)) {
      made[name] = version
      return
    }
    // Written to a second file and renamed: an interrupted start leaves no incomplete prompt.
    const half = `${target}.half.wav`
    const built = own
      ? await run('sox', [recorded, ...telephone, half]).then(() => version)
      : await build(half)
    await rename(half, target)
    made[name] = built
    await keep()
  }
  const play = (name: string, target: string, notes: readonly string[], build: Playing) => {
    const version = digest(notes.join(' '))
    return make(name, join(dir, target), version, async (path) => {
      await build(path)
      return version
    })
  }

  const speakAll = async () => {
    const queue = Object.entries(prompts)
    const worker = async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const [name, text] = next
        const language = languageOf(name)
        const expected = spokenVersion(text, speech.voiceOf(language))
        await make(name, join(dir, `${name}.wav`), expected, async (path) =>
          spokenVersion(text, await speak(text, path, language, undefined, speech)),
        )
      }
    }
    await Promise.all(Array.from({ length: workersMax }, worker))
  }
  const voices = () => lineLanguages.map((language) => speech.voiceOf(language)).join('\n')
  const inOneVoice = async () => {
    // Another voice at the end: the first one has failed, and what it has made is made anew, since a time is put together from pieces.
    for (let heard: string | null = null; heard !== voices();) {
      heard = voices()
      await speakAll()
    }
  }
  await Promise.all([
    inOneVoice(),
    play('beep', 'beep.wav', beep, playBeep),
    play('wrong-key', 'wrong-key.wav', wrongKey, playWrongKey),
    play('music', `${musicFile}.wav`, melody, playMelody),
  ])
  await keepMadeSounds(soundsDir, made)
  for (const name of Object.keys(made)) await placeSound(soundsDir, name === 'music' ? musicFile : name)
}

type Playing = (path: string) => Promise<void>

/** Without the voice where it is espeak-ng's: such sounds of earlier versions stay. */
const spokenVersion = (text: string, voice: Voice): string =>
  digest(`${voice === '' ? '' : `${voice} `}${promptLoudnessLufs} LUFS ${text}`)

/** Speech in the sound of a telephone, as loud as a recorded prompt. `signal` ends the programs. Answers with the voice that spoke. */
export async function speak(
  text: string,
  path: string,
  language: Language = 'ro',
  signal?: AbortSignal,
  speech: Speech = espeakSpeech,
): Promise<Voice> {
  const { samples, voice } = await speech.speak(text, language, path, signal)
  await writeFile(path, encodeWave(atLoudness(samples, promptRate, promptLoudnessLufs), promptRate))
  return voice
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
