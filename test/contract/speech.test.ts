import { join } from 'node:path'
import t from 'tap'
import { espeakSpeech } from '../../src/asterisk/speech/espeak.ts'
import { PiperSpeech, PreferredSpeech } from '../../src/asterisk/speech/piper.ts'
import { languages, lineLanguages } from '../../src/core/configuration/menu.ts'
import { rmsDb } from '../../src/core/prompts/wave.ts'
import { findProgram } from '../../src/stack/command.ts'
import { piperProgram } from './piper-program.ts'
import { speechContract } from './speech.ts'

void t.test('espeak-ng', async (t) => {
  await speechContract(t, espeakSpeech)
  await t.test('every language of a configuration is spoken in its own way', async (t) => {
    const spoken = new Map<string, string>()
    for (const language of languages) {
      const { samples } = await espeakSpeech.speak('1 2 3', language, join(t.testdir({}), 'sound'))
      t.ok(rmsDb(samples) > -40, language)
      const sound = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength).toString('base64')
      t.equal(spoken.get(sound), undefined, language)
      spoken.set(sound, language)
    }
  })
})

void t.test('Piper, by a program with its command line', async (t) => {
  const { program, voices } = await piperProgram(t.testdir({}), 'speaks')
  const piper = new PiperSpeech(voices, program)
  await speechContract(t, piper)
  await t.test('preferred to espeak-ng', (t) => speechContract(t, new PreferredSpeech(piper, () => t.fail())))
})

const installed = findProgram('piper')
const voices = process.env['PIPER_VOICES'] ?? ''
const why =
  installed === null
    ? 'piper is not installed'
    : lineLanguages.every((language) => voices !== '' && new PiperSpeech(voices).has(language))
      ? false
      : 'PIPER_VOICES names no folder with a voice for each language'
void t.test('the installed Piper', { skip: why }, (t) => speechContract(t, new PiperSpeech(voices)))
