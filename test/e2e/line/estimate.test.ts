/**
 * The place and the estimated minutes, as callers hear them while they wait: each sentence recognised by its sound. The line has
 * learnt from five conversations how long one lasts, of which each is as long as the minutes' steps need.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import type { Test } from 'tap'
import { textsDirIn } from '../../../src/asterisk/config/text-sounds.ts'
import { estimates } from '../../../src/core/announcements/estimate.ts'
import { estimateSound, positionSound, sentencesIn } from '../../../src/core/announcements/sentences.ts'
import { sampleRate } from '../../../tools/demo/calls/alaw.ts'
import { Api } from '../../../tools/demo/api.ts'
import type { Citizen } from '../../../tools/demo/calls/citizen.ts'
import {
  hasHeard,
  hasHeardWhole,
  heardSince,
  listenTo,
  partOnlyIn,
  readWave,
} from '../../support/sip/audio.ts'
import { until } from '../../support/until.ts'
import { publish } from '../publish.ts'
import { openScene, type DeskAgent } from '../scene.ts'

const taxes = '0256408300'
/**
 * The mean time of a conversation. The figures below hold from 60 to 90 s: a busy machine may need so much more to see an answer
 * and a hang-up.
 */
const handlingMs = 66_000
/** More than a place and an estimate that follows it. */
const sentencesSeconds = 12
const announce = { position: true, estimate: true, firstAfterSeconds: 5, everySeconds: 30 }

t.test('callers hear their place and their minutes', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t, { agents: 5 })
  const { linia, view, town } = scene
  const admin = new Api(linia.url)
  await admin.signIn(linia.account('admin01'))
  await publish(admin, ({ numbers, queues, ...document }) => ({
    ...document,
    queues: queues.map((queue) => (queue.id === 'general' ? { ...queue, announce } : queue)),
    numbers: [...numbers, { number: taxes, also: [], name: 'Taxe', queue: 'taxe' }],
  }))
  const dir = textsDirIn(join(linia.dir, 'asterisk/etc'))
  const fileOf = (sound: string) => join(dir, `${sound}.wav`)
  const sentences = sentencesIn('ro').map(({ sound }) => sound)
  await until(() => sentences.every((sound) => existsSync(fileOf(sound))))
  const sounds = new Map<string, Int16Array>()
  for (const sound of sentences)
    sounds.set(sound, (await readWave(fileOf(sound))).channels[0] ?? new Int16Array())
  const whole = (name: string): Int16Array => sounds.get(name) ?? new Int16Array()
  const own = new Map<string, Int16Array>()
  const partOf = (name: string): Int16Array => {
    const others = [...sounds].flatMap(([other, sound]) => (other === name ? [] : [sound]))
    const part = own.get(name) ?? partOnlyIn(whole(name), others)
    own.set(name, part)
    return part
  }
  const place = (position: number) => positionSound('ro', position)
  const minutes = (estimate: (typeof estimates)[number]) => estimateSound('ro', estimate)

  const stateOf = ({ id }: DeskAgent) => view.agents.get(id)?.state
  const callOf = (callerId: string) =>
    [...view.calls.values()].find(({ caller }) => caller === `+4${callerId}`)
  async function waits(callerId: string): Promise<Citizen> {
    const citizen = await town.call({ callerId, keepMs: 600_000 })
    await until(() => callOf(callerId)?.phase === 'waiting')
    return citizen
  }
  const agents: DeskAgent[] = []
  for (const username of ['agent01', 'agent02', 'agent03', 'agent04', 'agent05'])
    agents.push(await scene.deskAgent(username))
  const [, leaves, serves] = [agents[0]!, agents[1]!, agents[3]!]

  await t.test('five conversations teach the line how long one lasts', async () => {
    const served = agents.map(async (agent) => {
      const talk = await agent.phone.answerNext(null)
      await until(() => stateOf(agent) === 'talking')
      await pause(handlingMs)
      await agent.api.setState({ state: 'paused', reason: 'break' })
      talk.hangUp()
      await until(() => stateOf(agent) === 'paused')
    })
    const citizens = await Promise.all(agents.map((_, nth) => town.call({ callerId: `072200093${nth}` })))
    await Promise.all([...served, ...citizens.map(({ ended }) => ended)])
  })

  /** Both are at work, with callers of another queue, whose conversations count for that queue. */
  const taken: Citizen[] = []
  const talkOf = async (agent: DeskAgent, callerId: string) => {
    await agent.api.setState({ state: 'ready' })
    taken.push(await town.call({ callerId, number: taxes }))
    const talk = await agent.phone.answerNext(null)
    await until(() => stateOf(agent) === 'talking')
    return talk
  }
  const last = await talkOf(leaves, '0722000941')
  const next = await talkOf(serves, '0722000942')

  /** The sentences one after the other; since when what follows them is heard. */
  async function hears(citizen: Citizen, since: number, ...names: readonly string[]): Promise<number> {
    const listen = listenTo(citizen.rtp, since)
    let at = since
    for (const name of names) at = await listen(partOf(name))
    return at
  }
  const isEstimateIn = (heard: Int16Array): boolean =>
    estimates.some((estimate) => hasHeard(whole(minutes(estimate)), heard))
  /** The place, and music after it. */
  async function hearsPlaceAlone(t: Test, citizen: Citizen, since: number, position: number): Promise<void> {
    // The first may have begun before: they are half a minute apart.
    const at = await hears(citizen, since, place(position), place(position))
    const after = () => heardSince(citizen.rtp, at)
    await until(() => after().length >= sentencesSeconds * sampleRate)
    t.notOk(isEstimateIn(after().subarray(0, sentencesSeconds * sampleRate)), 'no estimate follows')
  }

  const [first, second] = [await waits('0722000951'), await waits('0722000952')]
  await t.test('two agents are at work: the first waits one minute, the second two', async (t) => {
    await Promise.all([hears(first, 0, place(1), minutes(1)), hears(second, 0, place(2), minutes(2))])
    t.ok(hasHeardWhole(whole(place(2)), heardSince(second.rtp, 0)), 'the sentence of the place to its end')
    t.ok(hasHeardWhole(whole(minutes(2)), heardSince(second.rtp, 0)), 'and of the minutes')
    t.notOk(hasHeard(partOf(place(1)), heardSince(second.rtp, 0)), 'and not the first one’s')
  })

  await t.test('one agent leaves: a longer time is said to nobody who has heard a shorter one', async (t) => {
    await leaves.api.setState({ state: 'paused', reason: 'break' })
    last.hangUp()
    await until(() => stateOf(leaves) === 'paused')
    const since = performance.now()
    await Promise.all([hearsPlaceAlone(t, first, since, 1), hearsPlaceAlone(t, second, since, 2)])
  })

  const third = await waits('0722000953')
  await t.test('who comes now hears the five minutes that it takes now', async (t) => {
    await hears(third, 0, place(3), minutes(5))
    t.ok(hasHeardWhole(whole(minutes(5)), heardSince(third.rtp, 0)))
    t.notOk(hasHeard(partOf(place(2)), heardSince(third.rtp, 0)), 'the places begin alike')
  })

  await t.test('one is served: the others hear their new place, and a time that is not longer', async (t) => {
    const ring = serves.phone.nextRing()
    next.hangUp()
    await (await ring).answer(null)
    await until(() => callOf('0722000951')?.phase === 'talking')
    const since = performance.now()
    await Promise.all([hears(second, since, place(1), minutes(2)), hears(third, since, place(2), minutes(3))])
    t.pass('as long as before, and shorter')
  })

  for (const citizen of [first, second, third, ...taken]) citizen.hangUp()
  await Promise.all([first, second, third, ...taken].map(({ ended }) => ended))
  t.match(await scene.record('0722000952'), { outcome: 'abandoned', queue: 'general' })
})
