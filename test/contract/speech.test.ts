import t from 'tap'
import { espeakSpeech } from '../../src/asterisk/speech/espeak.ts'
import { PiperSpeech, PreferredSpeech } from '../../src/asterisk/speech/piper.ts'
import { languages } from '../../src/core/configuration/menu.ts'
import { findProgram } from '../../src/stack/command.ts'
import { piperProgram } from './piper-program.ts'
import { speechContract } from './speech.ts'

void t.test('espeak-ng', (t) => speechContract(t, espeakSpeech))

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
    : languages.every((language) => voices !== '' && new PiperSpeech(voices).has(language))
      ? false
      : 'PIPER_VOICES names no folder with a voice for each language'
void t.test('the installed Piper', { skip: why }, (t) => speechContract(t, new PiperSpeech(voices)))
