/**
 * The keys of real desk phones do what the desk would have done: baresip, whose agent's screen follows at once, and linphone, with
 * which the board follows.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Page } from 'playwright-core'
import { waitForState } from '../../support/browser/browser.ts'
import { hasTone, heardLately, heardSince, hears, loudness, tone } from '../../support/sip/audio.ts'
import { openLinphone } from '../../support/sip/linphone.ts'
import { until } from '../../support/until.ts'
import { citizenTone } from '../desk-steps.ts'
import { transitions, type DeskAgent, type Scene } from '../scene.ts'
import { attributesShown } from '../shown.ts'
import { openDeskPhoneAgent, pickUpByKey } from './desk-phone-agent.ts'

const agentTone = 600
const colleagueTone = 1_300
/** The desk follows the phone's key within this time. */
const followsMs = 250
const presses = 4
const sent = (page: Page, state: string) => page.locator(`[data-sent=${state}]`)

t.test('hold and transfer by the keys of desk phones', { timeout: 1_500_000 }, async (t) => {
  const agent = await openDeskPhoneAgent(t, agentTone)
  const { scene, api, name, phone, desk } = agent
  const colleague = await scene.deskAgent('agent03', { ready: false })
  const taxClerk = await scene.deskAgent('agent02', { ready: false })
  const shown = await attributesShown(desk)

  /** A call on the desk phone, up to the conversation. */
  async function talk(callerId: string) {
    const citizen = await scene.town.call({ callerId, speech: tone(citizenTone) })
    await pickUpByKey(agent)
    await waitForState(desk, 'talking')
    await until(() => hears(citizen.rtp, agentTone))
    return citizen
  }
  /** How long after the press of a key the screen showed the state. */
  async function followed(pressedAt: number, state: string): Promise<number> {
    await waitForState(desk, state)
    return (await shown.at(`[data-state=${state}]`, pressedAt)) - pressedAt
  }

  await t.test('hold: the screen says so, and the citizen hears our music', async (t) => {
    const citizen = await talk('0722000981')
    const took: number[] = []
    for (let press = 0; press < presses; press++) {
      took.push(await followed(await phone.press('hold'), 'held'))
      if (press === 0) {
        await until(() => !hears(citizen.rtp, agentTone))
        await until(() => loudness(heardLately(citizen.rtp)) > 0.005)
        t.notOk(hears(citizen.rtp, agentTone), 'music, and not the agent')
      }
      took.push(await followed(await phone.press('resume'), 'talking'))
    }
    await until(() => hears(citizen.rtp, agentTone))
    t.pass('and the agent again')
    const sorted = took.toSorted((one, other) => one - other)
    t.comment(`the screen followed the hold key after ${sorted.join(', ')} ms`)
    // The fastest of them: the machine may be busy with other tests during any of them.
    t.ok((sorted[0] ?? Number.POSITIVE_INFINITY) <= followsMs, `within ${followsMs} ms`)
    await phone.press('hangup')
    await citizen.ended
    const call = await scene.record('0722000981')
    t.match(
      call.events.flatMap(({ type }) => (/Hold|Resume/.test(type) ? [type] : [])),
      Array.from({ length: presses }, () => ['HoldRequested', 'ResumeRequested']).flat(),
    )
    await desk.keyboard.press('Control+Enter')
    await waitForState(desk, 'ready')
  })

  await t.test('a refused transfer: the caller stays with the agent, nobody else is dialled', async (t) => {
    const citizen = await talk('0722000982')
    const ofPhone = `@${scene.linia.sip.host}:${scene.linia.sip.port}`
    for (const [to, why] of [
      ['0722000111', 'a number outside'],
      ['agent01', 'oneself'],
      [`sip:agent03${ofPhone}`, 'a colleague who is not at work'],
      [`sip:agent02${ofPhone}?Replaces=1%3Bto-tag%3D2%3Bfrom-tag%3D3`, 'another call of the phone'],
    ] as const) {
      await phone.press('transfer', to)
      t.match(await phone.next('TRANSFER_FAILED'), /603/, why)
      // This phone ends a call whose transfer has failed: it is rung again for the same caller.
      await pickUpByKey(agent)
      const since = performance.now()
      await until(() => hasTone(agentTone, heardSince(citizen.rtp, since)))
      t.equal(((await scene.linia.ari('channels')) as unknown[]).length, 2, 'caller and agent')
    }
    await phone.press('hangup')
    await citizen.ended
    t.match(await scene.record('0722000982'), { outcome: 'answered', agent: { name } })
    await desk.keyboard.press('Control+Enter')
    await waitForState(desk, 'ready')
  })

  await t.test('to a colleague, from hold, by the user name', async (t) => {
    const citizen = await talk('0722000983')
    await colleague.api.setState({ state: 'ready' })
    await until(() => scene.view.agents.get(colleague.id)?.state === 'ready')
    await followed(await phone.press('hold'), 'held')
    const closed = phone.count('CALL_CLOSED')
    const took = await followed(await phone.press('transfer', 'agent03'), 'wrap-up')
    t.comment(`the screen followed the transfer key after ${took} ms`)
    const ring = await colleague.phone.nextRing()
    await sent(desk, 'ringing').waitFor()
    await until(() => phone.count('CALL_CLOSED') > closed)
    t.equal(phone.count('TRANSFER_FAILED'), 4, 'the phone reports no failure')
    const theirTalk = await ring.answer(tone(colleagueTone))
    await sent(desk, 'taken').waitFor()
    t.match(await sent(desk, 'taken').textContent(), new RegExp(colleague.name))
    await until(() => hears(citizen.rtp, colleagueTone) && hears(theirTalk.rtp, citizenTone))
    theirTalk.hangUp()
    await citizen.ended
    t.match(
      (await scene.record('0722000983')).legs.map(({ agent }) => agent.name),
      [name, colleague.name],
    )
    await colleague.api.setState({ state: 'paused', reason: 'break' })
    await desk.keyboard.press('Control+Enter')
    await waitForState(desk, 'ready')
  })

  await t.test('to a queue, spelled on the digits: 8293 is taxe', async (t) => {
    const citizen = await talk('0722000984')
    await taxClerk.api.setState({ state: 'ready' })
    await until(() => scene.view.agents.get(taxClerk.id)?.state === 'ready')
    await phone.press('transfer', '8293')
    await waitForState(desk, 'wrap-up')
    const theirTalk = await taxClerk.phone.answerNext(tone(colleagueTone))
    await until(() => hears(citizen.rtp, colleagueTone))
    theirTalk.hangUp()
    await citizen.ended
    t.equal((await scene.record('0722000984')).queue, 'taxe')
  })

  await t.test('a call that the phone has placed itself is moved nowhere', async (t) => {
    await api.setState({ state: 'paused', reason: 'break' })
    await phone.press('dial', '*43')
    await until(async () => ((await scene.linia.ari('channels')) as unknown[]).length === 1)
    await phone.press('transfer', '112')
    const since = performance.now()
    let most = 1
    await until(async () => {
      most = Math.max(most, ((await scene.linia.ari('channels')) as unknown[]).length)
      return performance.now() - since > 1_000
    })
    t.equal(most, 1, 'no other channel')
    await phone.press('hangup')
    await until(async () => ((await scene.linia.ari('channels')) as unknown[]).length === 0)
  })

  // A phone has one place for its account: the new one's takes it over.
  await taxClerk.phone.close()
  await t.test('hold and transfer by the keys of linphone', (t) =>
    keysOfLinphone(t, scene, taxClerk, colleague),
  )
})

/** `own` works with linphone; the colleague with a phone of the test. */
async function keysOfLinphone(t: Test, scene: Scene, own: DeskAgent, colleague: DeskAgent): Promise<void> {
  const account = scene.linia.account('agent02')
  if (account.phone === undefined) throw new Error('agent02 has no desk phone')
  const { api, id } = own
  await api.setState({ state: 'paused', reason: 'break' })
  await until(() => scene.view.agents.get(id)?.phones.desk === false)
  const speech = join(t.testdir({}), 'speech.wav')
  await writeFile(speech, waveOf(agentTone, 60))
  const { host, port } = scene.linia.sip
  const phone = await openLinphone(t, { server: scene.linia.sip, ...account.phone, speech })
  await until(() => scene.view.agents.get(id)?.phones.desk === true)
  await api.ask('PUT', '/api/me/device', { device: 'desk' })
  await api.setState({ state: 'ready' })
  const took: Record<string, number> = {}
  const phase = () => [...scene.view.calls.values()][0]?.phase
  const consult = () => [...scene.view.calls.values()][0]?.consult ?? null

  async function talk(callerId: string) {
    if (scene.view.agents.get(colleague.id)?.state !== 'paused')
      await colleague.api.setState({ state: 'paused', reason: 'break' })
    await until(() => scene.view.agents.get(colleague.id)?.state === 'paused' && scene.view.calls.size === 0)
    await api.setState({ state: 'ready' })
    const citizen = await scene.town.call({ callerId, speech: tone(citizenTone) })
    const [, call = ''] = await phone.says(/incoming call from [^\n]*assigned id (\d+)/)
    await phone.press(`answer ${call}`)
    await until(() => phase() === 'talking')
    await until(() => hears(citizen.rtp, agentTone))
    await colleague.api.setState({ state: 'ready' })
    await until(() => scene.view.agents.get(colleague.id)?.state === 'ready')
    return { citizen, call }
  }
  const followed = async (what: string, pressedAt: number, condition: () => boolean) => {
    await until(condition)
    took[what] = Date.now() - pressedAt
  }

  await t.test('hold', async (t) => {
    const { citizen, call } = await talk('0722000991')
    await followed('hold', await phone.press('pause'), () => phase() === 'held')
    await until(() => !hears(citizen.rtp, agentTone))
    await until(() => loudness(heardLately(citizen.rtp)) > 0.005)
    await followed('resume', await phone.press(`resume ${call}`), () => phase() === 'talking')
    await until(() => hears(citizen.rtp, agentTone))
    t.pass('music on hold, and the agent again')
    await phone.press(`terminate ${call}`)
    await citizen.ended
  })

  await t.test('blind transfer', async (t) => {
    const { citizen } = await talk('0722000992')
    await phone.press(`transfer sip:agent03@${host}:${port}`)
    const theirs = await colleague.phone.answerNext(tone(colleagueTone))
    await until(() => hears(citizen.rtp, colleagueTone))
    theirs.hangUp()
    await citizen.ended
    t.ok(transitions(await scene.record('0722000992')).includes('TransferRequested'))
  })

  await t.test('attended transfer', async (t) => {
    const { citizen, call } = await talk('0722000993')
    await phone.press('pause')
    await until(() => phase() === 'held')
    await followed('dial', await phone.press(`call sip:agent03@${host}:${port}`), () => consult() !== null)
    const theirs = await colleague.phone.answerNext(tone(colleagueTone))
    await until(() => hears(theirs.rtp, agentTone) && consult()?.seat === 'side')
    t.notOk(hears(citizen.rtp, agentTone))
    const [, second = ''] = await phone.says(/assigned id (\d+)/)
    const pressedAt = await phone.press(`transfer ${call} --to-call ${second}`)
    await followed('transfer', pressedAt, () => consult() === null)
    await until(() => hears(citizen.rtp, colleagueTone) && hears(theirs.rtp, citizenTone))
    theirs.hangUp()
    await citizen.ended
    t.ok(transitions(await scene.record('0722000993')).includes('ConsultCompleted'))
  })
  t.comment(`the board followed after ${JSON.stringify(took)} ms`)
}

/** 8 kHz, 16 bit, one channel. */
function waveOf(hertz: number, seconds: number): Buffer {
  const samples = 8_000 * seconds
  const data = Buffer.alloc(44 + samples * 2)
  data.write('RIFF', 0)
  data.writeUInt32LE(36 + samples * 2, 4)
  data.write('WAVEfmt ', 8)
  data.writeUInt32LE(16, 16)
  data.writeUInt16LE(1, 20)
  data.writeUInt16LE(1, 22)
  data.writeUInt32LE(8_000, 24)
  data.writeUInt32LE(16_000, 28)
  data.writeUInt16LE(2, 32)
  data.writeUInt16LE(16, 34)
  data.write('data', 36)
  data.writeUInt32LE(samples * 2, 40)
  for (let at = 0; at < samples; at += 1)
    data.writeInt16LE(Math.round(12_000 * Math.sin((2 * Math.PI * hertz * at) / 8_000)), 44 + 2 * at)
  return data
}
