/** Announcements to callers who wait, on a real Asterisk: a tone in place of the sentence, between the music. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { textsDirIn } from '../../src/asterisk/config/text-sounds.ts'
import { questionSounds, readBackSounds } from '../../src/core/announcements/callback-question.ts'
import { positionSound } from '../../src/core/announcements/sentences.ts'
import { AgentId } from '../../src/core/ids.ts'
import type { RtpEnd } from '../../tools/demo/calls/rtp.ts'
import { phonePassword, trunkAddress } from '../support/pbx/asterisk.ts'
import { setScene } from '../support/pbx/pbx-scene.ts'
import { realOwner } from '../support/pbx/real-owner.ts'
import {
  hasTone,
  heardLately,
  heardSince,
  hears,
  loudness,
  tone,
  toneWave,
  topShareOf,
} from '../support/sip/audio.ts'
import { openTown } from '../support/sip/citizen.ts'
import { openTestPhone } from '../support/sip/desk-phone.ts'
import { until } from '../support/until.ts'

const sentence = 400
const readBack = 700
const agents = 1_000
/** Of the sentence. */
const seconds = 20
const announce = { position: true, estimate: false, firstAfterSeconds: 1, everySeconds: 28 }

const hearsMusic = (end: RtpEnd): boolean =>
  loudness(heardLately(end)) > 0.005 && topShareOf(sentence, heardLately(end)) < 0.3

/** When the sentence was heard last, in pieces of 50 ms. */
function lastHeard(end: RtpEnd, since: number): number {
  let last = since
  for (let at = since; at < performance.now(); at += 50) {
    const [long, later] = [heardSince(end, at), heardSince(end, at + 50)]
    if (hasTone(sentence, long.subarray(0, long.length - later.length))) last = at + 50
  }
  return last
}

void t.test('an announcement interrupts the music and gives it back, and an answer cuts it', async (t) => {
  const scene = await setScene(t, ['ana'])
  const dir = textsDirIn(scene.asterisk.layout.etcDir)
  await mkdir(dir, { recursive: true })
  await writeFile(join(dir, `${positionSound('ro', 1)}.wav`), toneWave(sentence, seconds))
  const { sip } = scene.asterisk.options
  const phone = await openTestPhone(t, {
    server: sip,
    username: 'ana',
    password: phonePassword('ana', 'desk'),
  })
  const owner = await realOwner(t, scene.pbx, ['ana'], { announce })
  await phone.register()
  const town = await openTown(t, { target: sip, from: trunkAddress })
  const citizen = await town.call()
  const call = () => owner.line.calls()[0]?.value
  await until(() => hearsMusic(citizen.rtp))
  await until(() => hears(citizen.rtp, sentence))
  t.match(call(), { phase: 'waiting', announced: { count: 1 } })
  await until(() => hearsMusic(citizen.rtp))
  await until(() => {
    const waiting = call()
    return waiting?.phase === 'waiting' && waiting.announcement === null
  })
  await until(() => hears(citizen.rtp, sentence))

  const agent = AgentId('id-ana')
  await until(() => owner.line.agent(agent)?.value.phones.desk === true)
  await owner.desk.perform({ do: 'signIn', agent })
  t.ok((await owner.desk.perform({ do: 'ready', agent })).ok)
  const ring = await phone.nextRing()
  await until(() => hears(citizen.rtp, sentence))
  t.pass('it goes on while the phone rings')
  const answeredAt = performance.now()
  await ring.answer(tone(agents))
  await until(() => hears(citizen.rtp, agents))
  const cutMs = Math.round(lastHeard(citizen.rtp, answeredAt) - answeredAt)
  t.comment(`cut ${cutMs} ms after the answer`)
  // On an idle machine it is below 100 ms; the rest of the sentence would be seconds.
  t.ok(cutMs < 10_000, `cut after ${cutMs} ms`)
  citizen.hangUp()
})

void t.test(
  'callers press 2 and 1 to be called back, as telephone events; other keys leave them where they are',
  async (t) => {
    const scene = await setScene(t, [])
    const dir = textsDirIn(scene.asterisk.layout.etcDir)
    await mkdir(dir, { recursive: true })
    const number = '0722000961'
    const [question = ''] = questionSounds('ro')
    const read = readBackSounds('ro', `+4${number}`)
    await writeFile(join(dir, `${question}.wav`), toneWave(sentence, 4))
    for (const sound of new Set(read)) await writeFile(join(dir, `${sound}.wav`), toneWave(readBack, 1))
    const owner = await realOwner(t, scene.pbx, [], { callback: { afterSeconds: 1, standingMax: 2 } })
    const town = await openTown(t, { target: scene.asterisk.options.sip, from: trunkAddress })
    const of = (caller: string) =>
      owner.line.calls().find(({ value }) => value.caller.number === `+4${caller}`)?.value
    const isWaiting = (caller: string) => {
      const call = of(caller)
      return call?.phase === 'waiting' && call.question === null
    }

    const stays = await town.call({ callerId: '0722000962' })
    await until(() => hears(stays.rtp, sentence))
    stays.rtp.press('1')
    await until(() => isWaiting('0722000962') && hearsMusic(stays.rtp))

    const citizen = await town.call({ callerId: number })
    await until(() => hears(citizen.rtp, sentence))
    citizen.rtp.press('2')
    await until(() => hears(citizen.rtp, readBack))
    t.match(of(number), { phase: 'waiting', question: { awaits: 'confirmation' } })
    citizen.rtp.press('1')
    await until(() => of(number)?.phase === 'dismissing')
    await citizen.ended
    await until(() => of(number)?.phase === 'promised')
    t.ok(isWaiting('0722000962'), 'one key promises nothing')
    stays.hangUp()
  },
)
