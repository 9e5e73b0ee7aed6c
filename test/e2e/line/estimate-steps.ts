/**
 * The place and the estimated minutes, as callers hear them while they wait: each sentence recognised by its sound. The line has
 * learnt from five conversations how long one lasts, of which each is as long as the minutes' steps need.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Test } from 'tap'
import { textsDirIn } from '../../../src/asterisk/config/text-sounds.ts'
import { estimates } from '../../../src/core/announcements/estimate.ts'
import { estimateSound, positionSound, sentencesIn } from '../../../src/core/announcements/sentences.ts'
import type { AnnouncementSetting } from '../../../src/core/configuration/schema.ts'
import { sampleRate } from '../../../tools/demo/calls/alaw.ts'
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
import type { DeskAgent, Scene } from '../scene.ts'

export const announce: AnnouncementSetting = {
  position: true,
  estimate: true,
  firstAfterSeconds: 5,
  everySeconds: 30,
}
/**
 * The mean time of a conversation. The figures below hold from 20 to 30 s: a busy machine may need so much more to see an answer
 * and a hang-up.
 */
const handlingMs = 20_500
/** More than a place and an estimate that follows it. */
const sentencesSeconds = 12

/**
 * 969 leads to a queue with `announce`, in which nobody has talked before; `taxes` to another one. Nobody is signed in, before and
 * afterwards.
 */
export async function placeAndMinutes(t: Test, scene: Scene, taxes: string): Promise<void> {
  const { linia, view, town } = scene
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
  const citizens: Citizen[] = []
  async function waits(callerId: string): Promise<Citizen> {
    const citizen = await town.call({ callerId })
    citizens.push(citizen)
    await until(() => callOf(callerId)?.phase === 'waiting')
    return citizen
  }
  const agents: DeskAgent[] = []
  for (const username of ['agent01', 'agent02', 'agent03', 'agent04', 'agent05'])
    agents.push(await scene.deskAgent(username))
  // Those of two agents who have the skill of the other queue.
  const [, leaves, , serves] = agents
  if (leaves === undefined || serves === undefined) throw new Error('five agents are needed')

  await t.test('five conversations teach the line how long one lasts', async () => {
    const served = agents.map(async (agent) => {
      const talk = await agent.phone.answerNext(null)
      await until(() => stateOf(agent) === 'talking')
      await pause(handlingMs)
      await agent.api.setState({ state: 'paused', reason: 'break' })
      talk.hangUp()
      await until(() => stateOf(agent) === 'paused')
    })
    const talking = await Promise.all(agents.map((_, nth) => town.call({ callerId: `072200093${nth}` })))
    await Promise.all([...served, ...talking.map(({ ended }) => ended)])
  })

  /** Both are at work, with callers of another queue, whose conversations count for that queue. */
  const talkOf = async (agent: DeskAgent, callerId: string) => {
    await agent.api.setState({ state: 'ready' })
    citizens.push(await town.call({ callerId, number: taxes }))
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

  const first = await waits('0722000951')
  const second = await waits('0722000952')
  await waits('0722000953')
  const fourth = await waits('0722000954')
  await t.test('two agents are at work: the fourth is served within a minute', async (t) => {
    await Promise.all([
      hears(first, 0, place(1), minutes(1)),
      hears(second, 0, place(2), minutes(1)),
      hears(fourth, 0, place(4), minutes(1)),
    ])
    // The part of its own may be heard before the end, and a busy machine drops packets of one round of sentences.
    for (const sentence of [place(4), minutes(1)])
      await until(() => hasHeardWhole(whole(sentence), heardSince(fourth.rtp, 0)))
    t.pass('the sentences of the place and of the minutes to their ends')
    t.notOk(hasHeard(partOf(place(2)), heardSince(fourth.rtp, 0)), 'and not the second one’s')
  })

  await leaves.api.setState({ state: 'paused', reason: 'break' })
  last.hangUp()
  await until(() => stateOf(leaves) === 'paused')
  const ring = serves.phone.nextRing()
  next.hangUp()
  await (await ring).answer(null)
  await until(() => callOf('0722000951')?.phase === 'talking')
  const since = performance.now()
  const newcomer = await waits('0722000955')
  await t.test('who comes now hears the two minutes that it takes now', async (t) => {
    await hears(newcomer, 0, place(4), minutes(2))
    await until(() => hasHeardWhole(whole(minutes(2)), heardSince(newcomer.rtp, 0)))
    t.notOk(hasHeard(partOf(place(3)), heardSince(newcomer.rtp, 0)), 'the places begin alike')
  })
  await t.test('one agent has left, and the first is served: the second hears the new place', async (t) => {
    await hears(second, since, place(1), minutes(1))
    t.pass('and a time that is not longer')
  })
  await t.test('a longer time is said to nobody who has heard a shorter one', async (t) => {
    const at = await hears(fourth, since, place(3))
    const after = () => heardSince(fourth.rtp, at)
    await until(() => after().length >= sentencesSeconds * sampleRate)
    t.notOk(isEstimateIn(after().subarray(0, sentencesSeconds * sampleRate)), 'no estimate follows')
  })

  for (const citizen of citizens) citizen.hangUp()
  await Promise.all(citizens.map(({ ended }) => ended))
  t.match(await scene.record('0722000952'), { outcome: 'abandoned', queue: 'general' })
  for (const { api } of agents) await api.signOut()
  await until(() => agents.every((agent) => stateOf(agent) === 'signed out'))
}
