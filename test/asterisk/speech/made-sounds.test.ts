/** A voice that is installed makes the sounds anew at the next start, and so does one that is taken away. */
import { mkdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import t from 'tap'
import { madeIn, madeSounds } from '../../../src/asterisk/config/heard-sounds.ts'
import { languageOf, promptTexts } from '../../../src/asterisk/config/prompts.ts'
import { makeSounds } from '../../../src/asterisk/config/sounds.ts'
import { TextSounds } from '../../../src/asterisk/config/text-sounds.ts'
import { PiperSpeech, PreferredSpeech } from '../../../src/asterisk/speech/piper.ts'
import type { Speech } from '../../../src/asterisk/speech/speech.ts'
import { soundOf, type SpokenText } from '../../../src/core/configuration/menu.ts'
import { loudnessLufs } from '../../../src/core/prompts/loudness.ts'
import { promptLoudnessLufs } from '../../../src/core/prompts/prompt-sound.ts'
import { parseWave, secondsOf } from '../../../src/core/prompts/wave.ts'
import { fetchSounds } from '../../../src/stack/install/sounds-cache.ts'
import { piperProgram } from '../../contract/piper-program.ts'
import { until } from '../../support/until.ts'

const names = Object.keys(await promptTexts())
/** Seconds of each sound that is heard, by its name: the Piper of the test speaks slowly. */
const heardIn = async (dir: string) =>
  new Map(
    await Promise.all(
      [...names, 'beep'].map(async (name) => [name, await secondsOfFile(join(dir, `${name}.wav`))] as const),
    ),
  )
const secondsOfFile = async (path: string): Promise<number> => {
  const wave = parseWave(await readFile(path))
  if (wave === null) throw new Error(`${path} is no sound`)
  return secondsOf(wave)
}
const slower = (before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>) =>
  [...after].flatMap(([name, seconds]) => (seconds > 1.2 * before.get(name)! ? [name] : [])).toSorted()

void t.test('the fixed prompts have one voice in each language', { timeout: 300_000 }, async (t) => {
  const home = t.testdir({ speaks: {}, fails: {} })
  const [dir, studio] = [join(home, 'sounds'), join(home, 'studio')]
  await mkdir(studio)
  const by = (
    { program, voices }: Awaited<ReturnType<typeof piperProgram>>,
    failed = t.fail as () => unknown,
  ) => new PreferredSpeech(new PiperSpeech(voices, program), failed)

  // The user's cache, so that nothing is spoken here but on a new machine; espeak-ng speaks all of it at the end.
  await fetchSounds(dir)
  await makeSounds(dir, studio)
  const espeak = await heardIn(dir)
  const versions = await madeSounds(dir)

  const good = await piperProgram(join(home, 'speaks'), 'speaks')
  await makeSounds(dir, studio, by(good))
  const piper = await heardIn(dir)
  t.same(slower(espeak, piper), names.toSorted(), 'every prompt and every piece, and no tone')
  for (const name of ['greeting', names.find((one) => languageOf(one) === 'en')!]) {
    const wave = parseWave(await readFile(join(dir, `${name}.wav`)))
    t.ok(
      wave !== null && Math.abs(loudnessLufs(wave) - promptLoudnessLufs) < 0.1,
      'as loud as the other voice',
    )
  }

  const { mtimeMs } = await stat(join(madeIn(dir), 'greeting.wav'))
  await makeSounds(dir, studio, by(good))
  t.equal((await stat(join(madeIn(dir), 'greeting.wav'))).mtimeMs, mtimeMs, 'once')

  const bad = await piperProgram(join(home, 'fails'), 'fails at a time')
  const failed: unknown[] = []
  const speech = by(bad, (...args: readonly unknown[]) => failed.push(args[0]))
  await makeSounds(dir, studio, speech)
  const mixed = await heardIn(dir)
  t.same(failed, ['ro'])
  t.same(
    slower(espeak, mixed),
    names.filter((name) => languageOf(name) === 'en').toSorted(),
    'Romanian is wholly espeak-ng’s, though Piper could say most of it',
  )

  await makeSounds(dir, studio)
  t.same(slower(espeak, await heardIn(dir)), [], 'taken away')
  t.same(await madeSounds(dir), versions, 'as without the setting')
})

void t.test('a start that is interrupted goes on where it was', async (t) => {
  const home = t.testdir({ studio: {} })
  const spoken: string[] = []
  const speech = (last: number): Speech => ({
    voiceOf: () => 'a voice',
    async speak(text) {
      if (spoken.length === last) throw new Error('the machine was switched off')
      spoken.push(text)
      return {
        samples: Int16Array.from({ length: 8_000 }, (_, at) => 3_000 * Math.sin(at / 2)),
        voice: 'a voice',
      }
    },
  })
  const make = (last: number) => makeSounds(join(home, 'sounds'), join(home, 'studio'), speech(last))
  await t.rejects(make(10), /switched off/)
  // What was under way is made to its end: ten prompts, the tones and the music.
  await until(async () => Object.keys(await madeSounds(join(home, 'sounds'))).length === 13)
  await make(-1)
  t.equal(spoken.length, names.length, 'none is spoken twice')
})

void t.test('texts of the configuration are made anew by the voice of the start', async (t) => {
  const home = t.testdir({ piper: {} })
  const dir = join(home, 'menus')
  const words = 'Pentru taxe apăsați unu.'
  const text: SpokenText = { sound: soundOf('ro', words), language: 'ro', text: words }
  const { program, voices } = await piperProgram(join(home, 'piper'), 'speaks')
  const start = async (speech?: PreferredSpeech) => {
    const options = { dir, log: pino({ level: 'silent' }), failed: () => t.fail() }
    const sounds = new TextSounds(speech === undefined ? options : { ...options, speech })
    await sounds.prepare([text])
    t.ok(sounds.has(text.sound))
    return secondsOfFile(join(dir, `${text.sound}.wav`))
  }
  const piper = () => new PreferredSpeech(new PiperSpeech(voices, program), () => t.fail())
  const espeak = await start()
  t.same(await madeSounds(dir), {}, 'nothing is listed without Piper')
  const spoken = await start(piper())
  t.ok(spoken > 1.2 * espeak, `${espeak} s, ${spoken} s`)
  const made = join(madeIn(dir), `${text.sound}.wav`)
  const { mtimeMs } = await stat(made)
  t.equal(await start(piper()), spoken)
  t.equal((await stat(made)).mtimeMs, mtimeMs, 'once')
  t.ok((await start()) < spoken / 1.2, 'taken away')
  t.same(await madeSounds(dir), {})
})
