/** A message on a real Asterisk: what the caller says after the tone is in the file, whatever becomes of the server. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { textsDirIn } from '../../src/asterisk/config/text-sounds.ts'
import { QueueId } from '../../src/core/ids.ts'
import { trunkAddress } from '../support/pbx/asterisk.ts'
import { setScene } from '../support/pbx/pbx-scene.ts'
import { realOwner } from '../support/pbx/real-owner.ts'
import { contains, hasHeardBeep, hasTone, hears, tone, toneWave } from '../support/sip/audio.ts'
import { openTown } from '../support/sip/citizen.ts'
import { until } from '../support/until.ts'
import { cityWith } from './fallback-scene.ts'

const spoken = 700
const firstWord = 500
/** A fifth of a second. */
const firstMoment = 1_600
const beep = 1_000

/** Samples of a WAVE file of 16 bits at 8 kHz, as they are so far. */
async function samplesIn(file: string): Promise<Int16Array> {
  const bytes = await readFile(file).catch(() => Buffer.alloc(44))
  return Int16Array.from({ length: Math.floor((bytes.length - 44) / 2) }, (_, at) =>
    bytes.readInt16LE(44 + 2 * at),
  )
}

void t.test('the server stops while the caller speaks: the message is recorded to its end', async (t) => {
  // Short recordings in place of most of the speech before the tone.
  const { studio } = await cityWith(t.testdir({}))
  const scene = await setScene(t, [], { studio })
  const { options } = scene.asterisk
  const owner = await realOwner(t, scene.pbx, [], { isClosed: true })
  const town = await openTown(t, { target: options.sip, from: trunkAddress })
  // They begin before the tone is over, as people do.
  const citizen = await town.call({ callerId: '0722000971', speech: tone(firstWord) })
  const call = () => owner.line.calls()[0]?.value
  await until(() => hasHeardBeep(citizen.rtp, beep))
  const id = call()?.id ?? ''
  const file = join(options.recordings, id, 'message.wav')
  await until(() => {
    const now = call()
    return now?.phase === 'voicemail' && now.prompt === null
  })
  citizen.rtp.say(tone(spoken))
  await until(async () => hasTone(spoken, await samplesIn(file)))
  t.ok(hasTone(firstWord, (await samplesIn(file)).subarray(0, firstMoment)), 'the first word is in it')
  t.match((await scene.pbx.inventory()).callers, [{ call: id, speaks: true }], 'found without a state')
  await owner.stop()
  const before = (await samplesIn(file)).length
  await until(async () => (await samplesIn(file)).length > before + 16_000)
  t.ok(hasTone(spoken, (await samplesIn(file)).subarray(before)), 'it goes on without us')
  t.match(await citizen.ended, { ending: 'line hung up' }, 'the channel’s own limit')
  t.notOk(contains(beep, await samplesIn(file)), 'the tone itself is not in it')
})

void t.test('a key of a menu leads to a message in its queue', async (t) => {
  const scene = await setScene(t, [])
  const { options, layout } = scene.asterisk
  const dir = textsDirIn(layout.etcDir)
  await mkdir(dir, { recursive: true })
  await writeFile(join(dir, 'salut.wav'), toneWave(400, 8))
  await writeFile(join(dir, 'mesaj.wav'), toneWave(1_300, 2))
  const target = { voicemail: QueueId('taxes'), sounds: { ro: 'mesaj', en: 'mesaj' } }
  const menu = {
    first: 'welcome',
    menus: { welcome: { sounds: { ro: 'salut' }, keys: { '1': target }, repeats: 1 } },
  }
  const owner = await realOwner(t, scene.pbx, [], { menu })
  const town = await openTown(t, { target: options.sip, from: trunkAddress })
  const citizen = await town.call({ callerId: '0722000972' })
  const call = () => owner.line.calls()[0]?.value
  await until(() => hears(citizen.rtp, 400))
  citizen.rtp.press('1')
  await until(() => hears(citizen.rtp, 1_300))
  t.match(call(), { phase: 'voicemail', queue: 'taxes' })
  await until(() => hasHeardBeep(citizen.rtp, beep))
  const file = join(options.recordings, call()?.id ?? '', 'message.wav')
  citizen.rtp.say(tone(spoken))
  await until(async () => hasTone(spoken, await samplesIn(file)))
  citizen.rtp.press('#')
  await citizen.ended
  await until(() => call() === undefined)
  t.pass('the key ends the message')
})
