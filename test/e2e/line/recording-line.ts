/** A line whose prompts, texts and music an administrator records by keyboard, with callers who hear them by their tones. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { Test } from 'tap'
import { sampleRate } from '../../../tools/demo/calls/alaw.ts'
import { textsDirIn } from '../../../src/asterisk/config/text-sounds.ts'
import { soundOf } from '../../../src/core/configuration/menu.ts'
import type { Prompts } from '../../../src/http/prompts/wire.ts'
import { Api } from '../../../tools/demo/api.ts'
import type { Citizen } from '../../../tools/demo/calls/citizen.ts'
import { bursts, openBrowser, openSignedIn } from '../../support/browser/browser.ts'
import { contains, heardSince, readWave } from '../../support/sip/audio.ts'
import { until } from '../../support/until.ts'
import { press, tabTo } from '../city/configuration-steps.ts'
import { publish } from '../publish.ts'
import { openScene, type Scene } from '../scene.ts'

/** Of the computer’s microphone. */
export const microphone = 700
/** Beside 969, without a menu, for the queue `general`. */
export const numbers = { menu: '0256408301', taxes: '0256408300' } as const
export const menuText = 'Ați sunat la primărie. Pentru un operator apăsați tasta unu.'
const onSite = { ro: 'Cererile se pot depune și pe site.', en: 'Requests can be made on the site, too.' }

export interface RecordingLine {
  readonly scene: Scene
  readonly admin: Api
  /** The administrator’s name, and their page with the prompts. */
  readonly name: string
  readonly page: Page
  /** The form of this prompt has come to this step. */
  step(prompt: string, name: string): Promise<void>
  /** As the list has it. */
  registered(prompt: string): Promise<Prompts['items'][number] | undefined>
  /** The file that callers hear under this name. */
  heardFile(name: string): Promise<Buffer>
  heardSound(name: string): Promise<Int16Array>
  /** The file of a text. */
  textFile(sound: string): Promise<Buffer>
  /** What is prepared is published for this reason. */
  publishPrepared(reason: string): Promise<void>
  /** The machine’s voice, or the line’s music, again: the question is asked. */
  askForMachine(reason: string): Promise<void>
  hangUp(citizen: Citizen, callerId: string): Promise<void>
}

const windowSamples = 2 * sampleRate

/** The first two seconds that have this tone among what the caller has heard, as their first sample; null: none. */
export function heardAt(citizen: Citizen, hertz: number): number | null {
  const all = heardSince(citizen.rtp, 0)
  for (let from = 0; from + windowSamples <= all.length; from += windowSamples / 4)
    if (contains(hertz, all.subarray(from, from + windowSamples))) return from
  return null
}

export async function openRecordingLine(t: Test): Promise<RecordingLine> {
  const scene = await openScene(t, { agents: 1, ownDatabase: true, overrides: { GREETING: 'full' } })
  const { linia } = scene
  const account = linia.account('admin01')
  const admin = new Api(linia.url)
  await admin.signIn(account)
  await publishMenu(admin)
  const fileOf = (name: string) => join(linia.dir, 'asterisk/sounds', `${name}.wav`)
  const textFolder = textsDirIn(join(linia.dir, 'asterisk/etc'))
  // The menu is heard, and its text is in the list.
  await until(() => existsSync(join(textFolder, `${soundOf('ro', menuText)}.wav`)))
  const { newContext } = await openBrowser(t, bursts(microphone))
  const page = await openSignedIn(await newContext(), linia.url, account)
  await page.goto(`${linia.url}/configuration?tab=prompts`)
  await page.locator('[data-prompt=greeting]').waitFor()
  return {
    scene,
    admin,
    name: account.name,
    page,
    step: (prompt, name) => page.locator(`[data-prompt-form="${prompt}"][data-step=${name}]`).waitFor(),
    async registered(prompt) {
      const { items } = await admin.get<Prompts>('/api/prompts')
      return items.find((item) => item.prompt === prompt)
    },
    heardFile: (name) => readFile(fileOf(name)),
    async heardSound(name) {
      const [sound] = (await readWave(fileOf(name))).channels
      if (sound === undefined) throw new Error(`${name} has no sound`)
      return sound
    },
    textFile: (sound) => readFile(join(textFolder, `${sound}.wav`)),
    async publishPrepared(reason) {
      await tabTo(page, '[data-field=reason]')
      await page.keyboard.insertText(reason)
      await page.keyboard.press('Enter')
      // Until then another prompt cannot be chosen.
      await page.locator('[data-prompt-form][data-step=none]').waitFor()
    },
    async askForMachine(reason) {
      await tabTo(page, '[data-field=reason]')
      await page.keyboard.insertText(reason)
      await press(page, '[data-action=ask]')
      await page.locator('[data-sure]').waitFor()
    },
    async hangUp(citizen, callerId) {
      citizen.hangUp()
      await scene.record(callerId)
    },
  }
}

async function publishMenu(admin: Api): Promise<void> {
  const announce = {
    position: false,
    estimate: false,
    firstAfterSeconds: 60,
    everySeconds: 60,
    texts: [onSite],
  }
  await publish(admin, (document) => ({
    ...document,
    numbers: [
      ...document.numbers,
      { number: numbers.menu, also: [], name: 'Primăria', queue: 'general', menu: 'primarie' },
      { number: numbers.taxes, also: [], name: 'Taxe', queue: 'taxe' },
    ],
    queues: document.queues.map((one) => ({ ...one, announce })),
    menus: [
      {
        id: 'primarie',
        name: 'Primăria',
        says: { ro: menuText },
        keys: { '1': { queue: 'general' } },
        repeats: 3,
      },
    ],
  }))
}
