/** Every sound that is used exists: a missing one would be silence. */
import { readdir, readFile } from 'node:fs/promises'
import t from 'tap'
import { promptTexts, soundsOf, spoken } from '../../src/asterisk/config/prompts.ts'
import type { Prompt } from '../../src/core/effect.ts'
import { atLocal } from '../../src/core/local-time.ts'

const root = new URL('../../', import.meta.url)
const texts = await promptTexts()
const hour = 3_600_000
const day = 24 * hour
const newYear = atLocal('2026-01-01', 0)

/** Every kind of prompt: a new kind does not compile until it is added here. */
const kinds: Readonly<Record<Prompt['say'], readonly Prompt[]>> = {
  greeting: [{ say: 'greeting' }],
  // Their sounds are made of the configuration's texts.
  menu: [],
  announcement: [],
  closed: [{ say: 'closed', opensAt: null }],
  voicemail: [{ say: 'voicemail', opensAt: null }],
  'callback question': [{ say: 'callback question', opensAt: newYear }],
  'callback promised when open': [{ say: 'callback promised when open' }],
  'leave a message': [],
  tone: [{ say: 'tone' }],
  'line full': [{ say: 'line full' }],
  'waited too long': [{ say: 'waited too long' }, { say: 'waited too long', language: 'en' }],
  'callback promised': [{ say: 'callback promised' }, { say: 'callback promised', language: 'en' }],
}

/** Openings in each hour of a year, with varying minutes, and in each minute of a day. */
const openings = [
  ...Array.from({ length: 365 * 24 }, (_, index) => index * 60 + ((index * 7) % 60)),
  ...Array.from({ length: 24 * 60 }, (_, minute) => minute),
].map((minute) => newYear + minute * 60_000)
/** Time of the call before the opening, in turn: the same day, the day before, within the week, long before. */
const ahead = [hour, day, 4 * day, 8 * day, 20 * day]

const dialplan = async (): Promise<readonly string[]> => {
  const dir = new URL('dialplan/', root)
  const files = (await readdir(dir)).filter((name) => name.endsWith('.conf'))
  const lines = await Promise.all(files.map((name) => readFile(new URL(name, dir), 'utf8')))
  // Not what lies in a folder of its own: the recordings by telephone.
  return [...lines.join('\n').matchAll(/\$\{LINIA_SOUNDS\}\/([\w-]+)(?![\w/-])/g)].map(
    ([, name = '']) => name,
  )
}

void t.test('every sound that is used has a text, and every text is used', async (t) => {
  const said = new Set(await dialplan())
  t.ok(said.has('technical-fault'), 'the dialplan was read')
  for (const prompt of Object.values(kinds).flat()) for (const name of soundsOf(prompt, 0)) said.add(name)
  openings.forEach((opensAt, index) => {
    const now = opensAt - (ahead[index % ahead.length] ?? 0)
    for (const name of soundsOf({ say: 'closed', opensAt }, now)) said.add(name)
  })
  // A tone has no text.
  said.delete('beep')
  const named = [...said].sort()
  t.same(
    named.filter((name) => texts[name] === undefined),
    [],
    'no sound is missing',
  )
  t.same(
    Object.keys(texts).filter((name) => !said.has(name)),
    [],
    'no sound is unused',
  )
})

t.test('a prompt in words', async (t) => {
  const opensAt = atLocal('2026-12-07', 8 * 60)
  const now = atLocal('2026-12-04', 22 * 60 + 1)
  t.equal(
    spoken({ say: 'closed', opensAt }, now, texts),
    `${texts['closed']} Vă așteptăm luni, la ora opt. Vă mulțumim și vă dorim o zi bună.`,
  )
  t.equal(spoken({ say: 'greeting' }, now, await promptTexts()), texts['greeting'])
  t.equal(spoken({ say: 'menu', sound: 'menu-ro-1', isWrongKey: true }, now, texts), '')
})

t.test('a number’s own words, which may have names in them, around the time of the opening', async (t) => {
  const opensAt = atLocal('2026-12-07', 8 * 60)
  const now = atLocal('2026-12-04', 22 * 60 + 1)
  const words = { ro: 'own-ro', en: 'own-en' }
  const own = { ...texts, 'own-ro': 'Aici Primăria Timișoara, închis acum ', 'own-en': 'We are closed.' }
  t.equal(
    spoken({ say: 'closed', opensAt, words }, now, own),
    `Aici Primăria Timișoara, închis acum. Vă așteptăm luni, la ora opt. We are closed. ${texts['goodbye']}`,
  )
  t.equal(
    spoken({ say: 'voicemail', opensAt: null, words: { ro: 'own-ro' } }, now, own),
    `Aici Primăria Timișoara, închis acum. ${texts['leave-message']}`,
  )
  t.same(soundsOf({ say: 'greeting', words }, now), ['own-ro', 'own-en'])
})
