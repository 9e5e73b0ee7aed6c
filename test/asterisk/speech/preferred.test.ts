/** Callers never hear less than espeak-ng, whatever Piper does. */
import { readdir, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { espeakSpeech } from '../../../src/asterisk/speech/espeak.ts'
import { PiperSpeech, PreferredSpeech, speechBy } from '../../../src/asterisk/speech/piper.ts'
import { promptRate } from '../../../src/core/prompts/prompt-sound.ts'
import { wrongAtSpeech } from '../../../src/stack/commands/speech-state.ts'
import { piperProgram, type PiperWay } from '../../contract/piper-program.ts'

const words = 'Bună ziua!'
const unheard: readonly PiperWay[] = ['fails', 'hangs', 'is silent']

for (const way of [...unheard, 'is missing'] as const)
  void t.test(`espeak-ng speaks where Piper ${way}, until the next start`, async (t) => {
    const { program, voices } = await piperProgram(t.testdir({}), way === 'is missing' ? 'speaks' : way)
    if (way === 'is missing') await rm(program)
    const failed: string[] = []
    const speech = new PreferredSpeech(
      new PiperSpeech(voices, program),
      (language) => void failed.push(language),
      way === 'hangs' ? 300 : 60_000,
    )
    t.match(speech.voiceOf('ro'), /^piper /)
    const dir = t.testdir({ sounds: {} })
    const sounds = join(dir, 'sounds')
    const { samples } = await espeakSpeech.speak(words, 'ro', join(sounds, 'expected'))
    const length = samples.length / promptRate
    for (const name of ['first', 'second']) {
      const spoken = await speech.speak(words, 'ro', join(sounds, name))
      t.ok(Math.abs(spoken.samples.length / promptRate - length) < 0.1)
      t.equal(spoken.voice, '')
    }
    t.equal(speech.voiceOf('ro'), '')
    t.match(speech.voiceOf('en'), /^piper /, 'another language is not judged by it')
    t.same(failed, ['ro'], 'told once')
    t.same(await readdir(sounds), [])
  })

void t.test('a text that is not wanted any more is no fault of Piper’s', async (t) => {
  const { program, voices } = await piperProgram(t.testdir({}), 'hangs')
  const speech = new PreferredSpeech(new PiperSpeech(voices, program), () => t.fail())
  const signal = AbortSignal.timeout(100)
  await t.rejects(speech.speak(words, 'ro', join(voices, 'sound'), signal), { name: 'AbortError' })
  t.match(speech.voiceOf('ro'), /^piper /)
})

void t.test('a language without a voice, or without its settings, has espeak-ng', async (t) => {
  const { program, voices } = await piperProgram(t.testdir({}), 'speaks')
  await rm(join(voices, 'en.onnx.json'))
  const speech = new PreferredSpeech(new PiperSpeech(voices, program), () => t.fail())
  t.equal(speech.voiceOf('en'), '')
  t.equal((await speech.speak('Good morning!', 'en', join(voices, 'sound'))).voice, '')
  t.equal(
    speechBy(null, () => t.fail()),
    espeakSpeech,
    'without the setting all is as before',
  )
})

void t.test('a voice that cannot be read stops no start', async (t) => {
  const { voices } = await piperProgram(t.testdir({}), 'speaks')
  for (const file of ['ro.onnx', 'en.onnx']) {
    await rm(join(voices, file))
    await symlink(file, join(voices, file))
  }
  const speech = speechBy(voices, () => t.fail())
  t.equal(speech.voiceOf('ro'), '')
  t.match(await wrongAtSpeech({ piperVoices: voices }), [/no voice that this user may read/])
})

void t.test('linia doctor says which voice does not speak, and why', async (t) => {
  t.same(await wrongAtSpeech({ piperVoices: null }), [])
  const empty = t.testdir({})
  t.match(await wrongAtSpeech({ piperVoices: empty }), [/has no voice .* espeak-ng speaks/])
  const { program, voices } = await piperProgram(empty, 'speaks')
  t.same(await wrongAtSpeech({ piperVoices: voices }, program), [])
  await piperProgram(empty, 'fails')
  t.match(await wrongAtSpeech({ piperVoices: voices }, program), [
    /ro\.onnx, so espeak-ng does: RuntimeError: the model is damaged$/,
    /en\.onnx/,
  ])
  await rm(program)
  t.match(await wrongAtSpeech({ piperVoices: voices }, program), [/No such file/, /No such file/])
})
