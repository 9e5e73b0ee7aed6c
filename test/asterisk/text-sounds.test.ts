import { chmod, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { pino } from 'pino'
import t from 'tap'
import { textSample, TextSounds } from '../../src/asterisk/config/text-sounds.ts'
import { madeSounds } from '../../src/asterisk/config/heard-sounds.ts'
import { mediaOf } from '../../src/asterisk/config/prompts.ts'
import { soundOf, type SpokenText } from '../../src/core/configuration/menu.ts'
import { loudness, readWave } from '../support/sip/audio.ts'
import { until } from '../support/until.ts'

const text = (language: 'ro' | 'en', words: string): SpokenText => ({
  sound: soundOf(language, words),
  language,
  text: words,
})
const texts = [text('ro', 'Pentru taxe apăsați unu.'), text('en', 'For taxes press one.')] as const
const hasAll = (sounds: TextSounds): boolean => texts.every(({ sound }) => sounds.has(sound))

const failed = () => undefined

void t.test('each sound is made once, and nothing is half made', async (t) => {
  const dir = join(t.testdir({}), 'menus')
  const made: string[] = []
  const make = async (one: SpokenText, path: string) => {
    made.push(one.text)
    await writeFile(path, one.text)
  }
  const sounds = new TextSounds({ dir, log: pino({ level: 'silent' }), failed, make })
  t.notOk(hasAll(sounds))
  await sounds.prepare(texts.slice(0, 1))
  t.notOk(hasAll(sounds), 'its English is missing')
  await Promise.all([sounds.prepare(texts), sounds.prepare(texts)])
  t.ok(hasAll(sounds))
  t.same(
    made,
    texts.map((one) => one.text),
  )
  const files = texts.map(({ sound }) => `${sound}.wav`).sort()
  t.same((await readdir(join(dir, 'made'))).sort(), files, 'nothing half made')
  t.same((await readdir(dir)).sort(), ['made', ...files].sort())

  const next = new TextSounds({ dir, log: pino({ level: 'silent' }), failed, make })
  t.ok(hasAll(next), 'those of an earlier owner serve its first caller')
  await next.prepare(texts)
  t.equal(made.length, texts.length)
})

void t.test('a sound that cannot be made is logged without its words, and tried again', async (t) => {
  const lines: string[] = []
  let works = false
  let alarms = 0
  const sounds = new TextSounds({
    dir: t.testdir({}),
    againMs: 50,
    failed: () => void (alarms += 1),
    log: pino({}, { write: (line: string) => void lines.push(line) }),
    make: async (_text, path) => {
      if (!works) throw new Error('there is no espeak-ng')
      await writeFile(path, '')
    },
  })
  await sounds.prepare(texts)
  t.notOk(hasAll(sounds))
  t.equal(lines.length, texts.length)
  t.equal(alarms, 1)
  works = true
  await until(() => hasAll(sounds))
  t.notMatch(lines.join(''), 'Pentru taxe')
})

void t.test('a notice is spoken next, and not after the texts of all menus', async (t) => {
  const notice = text('ro', 'Nu este apă.')
  const made: string[] = []
  const speech = Promise.withResolvers<void>()
  const sounds = new TextSounds({
    dir: t.testdir({}),
    log: pino({ level: 'silent' }),
    failed,
    make: async (one, path) => {
      made.push(one.text)
      await speech.promise
      await writeFile(path, '')
    },
  })
  const menus = sounds.prepare(texts)
  await until(() => made.length === 1)
  const all = sounds.prepare([notice, ...texts])
  speech.resolve()
  await Promise.all([menus, all])
  t.same(made, [texts[0].text, notice.text, texts[1].text])
  t.ok(sounds.has(notice.sound) && hasAll(sounds))
})

void t.test('a program that hangs fails one sound, not the menus after it', async (t) => {
  const bin = t.testdir({ 'espeak-ng': '#!/bin/sh\nexec sleep 600\n' })
  await chmod(join(bin, 'espeak-ng'), 0o755)
  const path = process.env['PATH']
  t.teardown(() => (process.env['PATH'] = path))
  process.env['PATH'] = `${bin}:${path}`
  let alarms = 0
  const sounds = new TextSounds({
    dir: join(bin, 'menus'),
    log: pino({ level: 'silent' }),
    failed: () => void (alarms += 1),
    // Long enough for a sound that is made while the machine is busy.
    makeMs: 3_000,
    againMs: 100,
  })
  await sounds.prepare(texts)
  t.equal(alarms, 1)
  process.env['PATH'] = path
  await until(() => hasAll(sounds))
})

void t.test('a stopped owner tries no more', async (t) => {
  let tries = 0
  const make = async () => {
    tries += 1
    throw new Error('there is no sox')
  }
  const sounds = new TextSounds({
    dir: t.testdir({}),
    log: pino({ level: 'silent' }),
    failed,
    make,
    againMs: 20,
  })
  await sounds.prepare(texts)
  sounds.stop()
  const before = tries
  // Several times the pause between two tries.
  await setTimeout(100)
  t.equal(tries, before)
})

void t.test(
  'a stopped owner ends the program that speaks: the next owner makes the same sound',
  async (t) => {
    const lines: string[] = []
    const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) })
    const speaking = Promise.withResolvers<void>()
    const make = async (_text: SpokenText, _path: string, signal: AbortSignal) => {
      speaking.resolve()
      await new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(new Error('ended'))),
      )
    }
    const sounds = new TextSounds({ dir: join(t.testdir({}), 'menus'), log, failed: () => t.fail(), make })
    const prepared = sounds.prepare(texts)
    await speaking.promise
    sounds.stop()
    await prepared
    t.same(lines, [], 'which is no fault')
  },
)

void t.test('a list of made sounds that is not whole keeps no sound from being made', async (t) => {
  const dir = t.testdir({ menus: { made: { 'made.json': '{"menu-ro-' } } })
  const sounds = new TextSounds({
    dir: join(dir, 'menus'),
    log: pino({ level: 'silent' }),
    failed: () => t.fail(),
    make: async (one, path) => {
      await writeFile(path, one.text)
      return 'piper 1 2'
    },
  })
  await sounds.prepare(texts)
  t.ok(hasAll(sounds))
  const [first, second] = texts
  t.same(await madeSounds(join(dir, 'menus')), { [first.sound]: 'piper 1 2', [second.sound]: 'piper 1 2' })
})

void t.test('speech in both languages, as the telephone has it', async (t) => {
  const dir = t.testdir({})
  const sounds = new TextSounds({ dir, log: pino({ level: 'silent' }), failed })
  await sounds.prepare(texts)
  t.ok(hasAll(sounds))
})

void t.test('a menu is heard from its own folder, after the tone of a wrong key', async (t) => {
  const folders = { soundsDir: '/sounds', textsDir: '/menus' }
  const prompt = { say: 'menu', sound: 'menu-ro-1', isWrongKey: false } as const
  t.equal(mediaOf(prompt, 0, folders), 'sound:/menus/menu-ro-1')
  t.equal(
    mediaOf({ ...prompt, isWrongKey: true }, 0, folders),
    'sound:/sounds/wrong-key,sound:/menus/menu-ro-1',
  )
  t.equal(mediaOf({ say: 'greeting' }, 0, folders), 'sound:/sounds/greeting')
  const words = { ro: 'own-ro', en: 'own-en' }
  t.equal(mediaOf({ say: 'greeting', words }, 0, folders), 'sound:/menus/own-ro,sound:/menus/own-en')
  t.equal(
    mediaOf({ say: 'closed', opensAt: null, words }, 0, folders),
    'sound:/menus/own-ro,sound:/menus/own-en,sound:/sounds/goodbye',
  )
})

void t.test('a sample is the sound of a telephone', async (t) => {
  const dir = t.testdir({})
  const file = join(dir, 'sample.wav')
  await writeFile(file, await textSample('Pentru taxe, apăsați unu. -x', 'ro'))
  const { rate, channels } = await readWave(file)
  t.equal(rate, 8_000)
  t.equal(channels.length, 1)
  t.ok((channels[0]?.length ?? 0) > 8_000, 'more than a second')
  t.ok(loudness(channels[0] ?? new Int16Array()) > 0.01)
})
