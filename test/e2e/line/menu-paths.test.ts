/**
 * Every path of a menu of three levels, in Romanian and in English: each caller presses the keys of one path once the text
 * has been read, and what they heard is recognised by the sounds of the texts, in order. Then the same line has another menu, which is
 * taken to an empty system.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { textsDirIn } from '../../../src/asterisk/config/text-sounds.ts'
import { voicemailPrompts } from '../../../src/core/announcements/voicemail.ts'
import { soundOf, type LineLanguage } from '../../../src/core/configuration/menu.ts'
import type { MenuSetting } from '../../../src/core/configuration/schema.ts'
import { Api } from '../../../tools/demo/api.ts'
import { hasHeard, heardSince, readWave, samplesHeard } from '../../support/sip/audio.ts'
import { until } from '../../support/until.ts'
import { inForce } from '../in-force.ts'
import { publish } from '../publish.ts'
import { openScene, type Scene } from '../scene.ts'
import { takenElsewhere } from './exported-steps.ts'

const welcome: MenuSetting = {
  id: 'bun-venit',
  name: 'Bun venit',
  says: {
    ro: 'Pentru acte, apăsați tasta unu. Pentru taxe și impozite, tasta doi.',
    en: 'For papers, press one. For local taxes, press two.',
  },
  keys: { '1': { menu: 'acte' }, '2': { queue: 'taxe' }, '9': { language: 'en' } },
  repeats: 1,
}
const papers: MenuSetting = {
  id: 'acte',
  name: 'Acte',
  says: {
    ro: 'Pentru cartea de identitate, apăsați tasta unu. Pentru a lăsa un mesaj, tasta doi.',
    en: 'For your identity card, press one. To leave a message, press two.',
  },
  keys: { '1': { menu: 'carte' }, '2': { voicemail: 'general' }, '*': { back: true } },
  repeats: 1,
}
const card: MenuSetting = {
  id: 'carte',
  name: 'Cartea de identitate',
  says: {
    ro: 'Dacă v-ați mutat, apăsați tasta unu. Pentru orice altceva, tasta doi.',
    en: 'If you have moved house, press one. For anything else, press two.',
  },
  keys: {
    '1': { queue: 'general' },
    '2': { queue: 'taxe' },
    '*': { back: true },
    '#': { again: true },
  },
  repeats: 1,
}

type End = { readonly queue: string } | 'voicemail'
interface Path {
  /** Of the menu in which each key is pressed. */
  readonly keys: readonly (readonly [MenuSetting, string])[]
  readonly end: End
}
/** Also back, and the same menu again. */
const paths: readonly Path[] = [
  { keys: [[welcome, '2']], end: { queue: 'taxe' } },
  {
    keys: [
      [welcome, '1'],
      [papers, '2'],
    ],
    end: 'voicemail',
  },
  {
    keys: [
      [welcome, '1'],
      [papers, '1'],
      [card, '1'],
    ],
    end: { queue: 'general' },
  },
  {
    keys: [
      [welcome, '1'],
      [papers, '1'],
      [card, '2'],
    ],
    end: { queue: 'taxe' },
  },
  {
    keys: [
      [welcome, '1'],
      [papers, '*'],
      [welcome, '2'],
    ],
    end: { queue: 'taxe' },
  },
  {
    keys: [
      [welcome, '1'],
      [papers, '1'],
      [card, '#'],
      [card, '*'],
      [papers, '2'],
    ],
    end: 'voicemail',
  },
]

/** Before the first menu. */
const greeting = 'Convorbirea se înregistrează.'
/** So much of a text at least is waited for: after its end Asterisk sends nothing, and a packet may be lost on a busy machine. */
const nearlyAll = 0.95
/** A key is pressed after the text and before the menu is read again. */
const afterTextMs = 1_000

t.test('menus', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t, { agents: 0, overrides: { GREETING: 'full' } })
  const administrator = new Api(scene.linia.url)
  await administrator.signIn(scene.linia.account('admin01'))
  await t.test('every path of a menu', (t) => everyPath(t, scene, administrator))
  await t.test('a configuration is taken to an empty system', (t) => takenElsewhere(t, scene, administrator))
})

async function everyPath(t: Test, scene: Scene, administrator: Api): Promise<void> {
  await publish(administrator, ({ numbers, ...document }) => ({
    ...document,
    numbers: numbers.map((one) => ({ ...one, menu: welcome.id, says: { greeting: { ro: greeting } } })),
    menus: [welcome, papers, card],
  }))
  const dir = textsDirIn(join(scene.linia.dir, 'asterisk/etc'))
  const fileOf = (name: string) => join(dir, `${name}.wav`)
  const soundIn = async (name: string) => (await readWave(fileOf(name))).channels[0] ?? new Int16Array()
  const textOf = ({ says }: MenuSetting, language: LineLanguage) =>
    soundOf(language, (language === 'ro' ? says.ro : says.en) ?? '')
  await until(() =>
    [welcome, papers, card].every((menu) =>
      (['ro', 'en'] as const).every((language) => existsSync(fileOf(textOf(menu, language)))),
    ),
  )
  const greetingSound = soundOf('ro', greeting, 'number')
  await until(() => existsSync(fileOf(greetingSound)))
  await inForce(scene.linia)
  await until(() => Object.values(voicemailPrompts).every((name) => existsSync(fileOf(name))))
  const { length: greetingLength } = await soundIn(greetingSound)

  for (const language of ['ro', 'en'] as const)
    for (const one of [welcome, papers, card])
      for (const other of [welcome, papers, card]) {
        const [sound, heard] = [await soundIn(textOf(one, language)), await soundIn(textOf(other, language))]
        if (hasHeard(sound, heard) !== (one === other)) throw new Error(`${one.id} sounds like ${other.id}`)
      }

  /** What a caller heard on a path, and where they were at its end. */
  async function walk({ keys, end }: Path, language: LineLanguage, callerId: string) {
    const pressed = language === 'ro' ? keys : [[welcome, '9'] as const, ...keys]
    const citizen = await scene.town.call({ callerId, patienceMs: 900_000 })
    await citizen.answered
    const call = () => [...scene.view.calls.values()].find(({ caller }) => caller === `+4${callerId}`)
    const texts: { readonly name: string; readonly from: number; readonly to: number }[] = []
    const heardSoFar = () => samplesHeard(citizen.rtp)
    // The greeting, which comes first, may lack its last samples as well.
    let pressedAt = Math.floor(nearlyAll * greetingLength)
    /** The caller listens to the whole of a text, which begins after the key before. */
    async function listens(name: string): Promise<void> {
      const from = pressedAt
      const { length } = await soundIn(name)
      await until(() => heardSoFar() >= from + nearlyAll * length)
      await pause(afterTextMs)
      texts.push({ name, from, to: heardSoFar() })
    }
    for (const [place, [menu, key]] of pressed.entries()) {
      await listens(textOf(menu, place === 0 ? 'ro' : language))
      pressedAt = heardSoFar()
      citizen.rtp.press(key)
    }
    if (end === 'voicemail') {
      await until(() => call()?.phase === 'voicemail')
      await listens(voicemailPrompts[language])
    } else await until(() => call()?.phase === 'waiting')
    citizen.hangUp()
    await citizen.ended
    const all = heardSince(citizen.rtp, 0)
    const heard = texts.map(({ name, from, to }) => ({ name, sound: all.subarray(from, to) }))
    return { record: await scene.record(callerId), heard }
  }

  // All at once. Nothing is recognised meanwhile: a process that computes reads no sound.
  const walked = await Promise.all(
    (['ro', 'en'] as const).flatMap((language) =>
      paths.map(async (path, index) => ({
        language,
        path,
        ...(await walk(path, language, `07220009${language === 'ro' ? 1 : 2}${index}`)),
      })),
    ),
  )
  for (const { language, path, record, heard } of walked)
    await t.test(`${language}: ${path.keys.map(([, key]) => key).join(' ')}`, async (t) => {
      t.equal(record.queue, path.end === 'voicemail' ? null : path.end.queue)
      t.equal(
        record.events.filter(({ type }) => type === 'KeyPressed').length,
        heard.length - (path.end === 'voicemail' ? 1 : 0),
      )
      for (const [place, { name, sound }] of heard.entries())
        t.ok(hasHeard(await soundIn(name), sound), `text ${place + 1}: ${name}`)
    })
}
