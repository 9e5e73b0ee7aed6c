/** What every adapter of `Speech` does. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Test } from 'tap'
import type { Speech } from '../../src/asterisk/speech/speech.ts'
import { lineLanguages } from '../../src/core/configuration/menu.ts'
import { promptRate } from '../../src/core/prompts/prompt-sound.ts'
import { rmsDb } from '../../src/core/prompts/wave.ts'

const texts = { ro: 'Bună ziua! Ați sunat la primărie.', en: 'Good morning! This is the city hall.' } as const
const seconds = (samples: Int16Array): number => samples.length / promptRate

export async function speechContract(t: Test, speech: Speech): Promise<void> {
  const spoken = async (t: Test, text: string, language: 'ro' | 'en' = 'ro') => {
    const dir = t.testdir({})
    const { samples, voice } = await speech.speak(text, language, join(dir, 'sound'))
    t.same(await readdir(dir), [], 'nothing is left beside the sound')
    t.equal(voice, speech.voiceOf(language))
    return samples
  }

  await t.test('each language is heard, at the rate of a telephone', async (t) => {
    for (const language of lineLanguages) {
      const samples = await spoken(t, texts[language], language)
      t.ok(seconds(samples) > 0.8 && seconds(samples) < 8, `${language}: ${seconds(samples)} s`)
      t.ok(rmsDb(samples) > -40, `${language}: ${rmsDb(samples)} dB`)
    }
  })

  await t.test(
    'a text of several lines is heard as a whole, and one that looks like an option',
    async (t) => {
      const one = seconds(await spoken(t, texts.ro))
      const two = seconds(await spoken(t, `${texts.ro}\n${texts.ro}\n`))
      t.ok(two > 1.6 * one, `${one} s, ${two} s`)
      t.ok(seconds(await spoken(t, '--help')) > 0.2)
    },
  )

  await t.test('a signal ends it', async (t) => {
    const dir = t.testdir({})
    const speaking = speech.speak(texts.ro, 'ro', join(dir, 'sound'), AbortSignal.abort())
    await t.rejects(speaking, { name: 'AbortError' })
    t.same(await readdir(dir), [])
  })
}
