/** Menus by key on a real Asterisk: callers press telephone events, and hear tones in place of the menus' texts. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { decodeAlaw, encodeAlaw } from '../../tools/demo/calls/alaw.ts'
import { textsDirIn } from '../../src/asterisk/config/text-sounds.ts'
import type { MenuTree } from '../../src/core/configuration/menu.ts'
import type { LiveCall } from '../../src/core/call.ts'
import { QueueId } from '../../src/core/ids.ts'
import { newQueue } from '../../src/core/queue.ts'
import { trunkAddress } from '../support/pbx/asterisk.ts'
import { realOwner } from '../support/pbx/real-owner.ts'
import { setScene } from '../support/pbx/pbx-scene.ts'
import { hasTone, heardSince, tone, toneWave } from '../support/sip/audio.ts'
import { openTown, type TestTown } from '../support/sip/citizen.ts'
import { until } from '../support/until.ts'

const taxes = newQueue(QueueId('taxes'), 'Taxe')
const hertz = { 'ro-1': 400, 'en-1': 520, 'ro-2': 680, 'en-2': 880, 'ro-3': 1_140, 'en-3': 1_480 } as const
type Sound = keyof typeof hertz
const sounds = (level: 1 | 2 | 3) => ({ ro: `ro-${level}`, en: `en-${level}` })
/** Three levels in two languages. */
const menu: MenuTree = {
  first: 'one',
  menus: {
    one: {
      sounds: sounds(1),
      keys: { '1': { menu: 'two' }, '9': { language: 'en' } },
      repeats: 1,
    },
    two: { sounds: sounds(2), keys: { '#': { menu: 'three' }, '*': { back: true } }, repeats: 1 },
    three: {
      sounds: sounds(3),
      keys: { '5': { queue: taxes.id, priority: 5 }, '*': { back: true } },
      repeats: 0,
    },
  },
}

interface Caller {
  readonly press: (keys: string) => void
  readonly say: (sound: Buffer) => void
  readonly hears: (sound: Sound) => Promise<void>
  readonly call: () => LiveCall | undefined
  readonly hangUp: () => void
}

async function cityWithMenus(t: Test): Promise<() => Promise<Caller>> {
  const scene = await setScene(t, ['ana'])
  const dir = textsDirIn(scene.asterisk.layout.etcDir)
  await mkdir(dir, { recursive: true })
  for (const [name, frequency] of Object.entries(hertz)) {
    await writeFile(join(dir, `${name}.wav`), toneWave(frequency, 8))
  }
  const owner = await realOwner(t, scene.pbx, ['ana'], { menu, others: [taxes] })
  const town: TestTown = await openTown(t, { target: scene.asterisk.options.sip, from: trunkAddress })
  return async () => {
    const known = new Set(owner.line.calls().map(({ value }) => value.id))
    const citizen = await town.call()
    const call = () => owner.line.calls().find(({ value }) => !known.has(value.id))?.value
    await until(() => call() !== undefined)
    return {
      press: (keys) => citizen.rtp.press(keys),
      say: (sound) => citizen.rtp.say(sound),
      hears: (sound) => until(() => hasTone(hertz[sound], heardSince(citizen.rtp, performance.now() - 300))),
      call,
      hangUp: () => citizen.hangUp(),
    }
  }
}

/** How often the caller has been read a menu. */
const readingsOf = (caller: Caller): number => {
  const call = caller.call()
  return call?.phase === 'menu' ? call.readings : 0
}

/** Longer than two keys take. */
const pressedMs = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1_500))

const calls = await cityWithMenus(t)

void t.test('three levels in Romanian, and back', async (t) => {
  const caller = await calls()
  await caller.hears('ro-1')
  caller.press('1')
  await caller.hears('ro-2')
  caller.press('#')
  await caller.hears('ro-3')
  caller.press('*')
  await caller.hears('ro-2')
  caller.press('#5')
  await until(() => caller.call()?.phase === 'waiting')
  t.match(caller.call(), { queue: 'taxes', priority: 5, language: 'ro' })
  caller.hangUp()
})

void t.test('three levels in English, and keys of a caller who waits', async (t) => {
  const caller = await calls()
  await caller.hears('ro-1')
  caller.press('9')
  await caller.hears('en-1')
  caller.press('1')
  await caller.hears('en-2')
  caller.press('#')
  await caller.hears('en-3')
  caller.press('5')
  await until(() => caller.call()?.phase === 'waiting')
  const waits = caller.call()
  t.match(waits, { queue: 'taxes', language: 'en' })
  caller.press('12')
  await pressedMs()
  t.equal(caller.call(), waits, 'they change nothing')
  caller.hangUp()
})

void t.test('a wrong key: the menu again, then a person; no key: the same', async (t) => {
  const caller = await calls()
  await caller.hears('ro-1')
  caller.press('7')
  await until(() => readingsOf(caller) === 2)
  t.match(caller.call(), { place: { isWrongKey: true, repeatsLeft: 0 } })
  await caller.hears('ro-1')
  caller.press('8')
  await until(() => caller.call()?.phase === 'waiting')
  t.match(caller.call(), { queue: 'city' })
  caller.hangUp()

  const silent = await calls()
  // Twice 8 s, each with the time for a key.
  await until(() => silent.call()?.phase === 'waiting')
  t.match(silent.call(), { queue: 'city' })
  silent.hangUp()
})

void t.test('tones in the sound are no keys: inband digits, and a fax', async (t) => {
  const caller = await calls()
  await caller.hears('ro-1')
  const both = (one: number, other: number): Buffer => {
    const [a, b] = [decodeAlaw(tone(one, 0.3)), decodeAlaw(tone(other, 0.3))]
    return encodeAlaw(a.map((sample, index) => sample + (b[index] ?? 0)))
  }
  // The digit 1, and the tones with which a fax calls and answers.
  for (const sound of [both(697, 1_209), tone(1_100), tone(2_100)]) {
    caller.say(sound)
    await new Promise((resolve) => setTimeout(resolve, 700))
  }
  t.equal(readingsOf(caller), 1, 'no key has led anywhere')
  caller.press('1')
  await caller.hears('ro-2')
  caller.hangUp()
})
