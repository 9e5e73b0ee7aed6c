/**
 * A desk phone that is not ours (baresip) asks a colleague by its second line: hold, dial, to and fro, and the transfer key that
 * connects the two. Who hears whom, and how soon the agent's screen follows.
 */
import type { Test } from 'tap'
import { Api } from '../../../tools/demo/api.ts'
import type { RtpEnd } from '../../../tools/demo/calls/rtp.ts'
import { waitForState } from '../../support/browser/browser.ts'
import { gapsSince, heardBy, heardSince, loudness, tone } from '../../support/sip/audio.ts'
import { openBaresip } from '../../support/sip/baresip.ts'
import { until } from '../../support/until.ts'
import { citizenTone } from '../desk-steps.ts'
import { transitions } from '../scene.ts'
import { attributesShown } from '../shown.ts'
import { pickUpByKey } from './desk-phone-agent.ts'
import { agentTone, colleagueTone, endWrapUp, type DeskWork } from './desk-work.ts'

const tones = { citizen: citizenTone, agent: agentTone, colleague: colleagueTone }
type Party = keyof typeof tones
/** The desk follows the phone's key within this time. */
const followsMs = 250
/** How often the agent goes to and fro: the machine may be busy with other tests during any of it. */
const rounds = 3
/** Audio must not depend on the server: a longer gap is more than a stalled machine. */
const goesOnMs = 3_000

interface Channel {
  readonly id: string
  readonly dialplan: { readonly app_data: string }
}

/** The agent works with a desk phone meanwhile. Before and after it, the agent is ready and the colleague is paused. */
export async function secondLine(t: Test, { scene, desk, colleague }: DeskWork): Promise<void> {
  const account = scene.linia.account('agent01')
  if (account.phone === undefined) throw new Error('agent01 has no desk phone')
  const api = new Api(scene.linia.url)
  const { id, name } = await api.signIn(account)
  const phone = await openBaresip(t, { server: scene.linia.sip, ...account.phone, hertz: agentTone })
  await until(() => scene.view.agents.get(id)?.phones.desk === true)
  const ringsOn = async (device: 'desk' | 'web') => {
    await api.ask('PUT', '/api/me/device', { device })
    await until(() => scene.view.agents.get(id)?.phones.active === device)
  }
  await ringsOn('desk')
  const shown = await attributesShown(desk)
  const took: string[] = []

  const channels = async () => (await scene.linia.ari('channels')) as Channel[]
  const secondLines = async () =>
    (await channels()).filter(({ dialplan }) => dialplan.app_data === 'linia,second-line')

  /** A call on the desk phone, up to the conversation. */
  async function talk(callerId: string) {
    const citizen = await scene.town.call({ callerId, speech: tone(citizenTone) })
    await pickUpByKey({ phone })
    await waitForState(desk, 'talking')
    await colleague.api.setState({ state: 'ready' })
    await until(() => scene.view.agents.get(colleague.id)?.state === 'ready')
    return citizen
  }
  const party = (who: 'caller' | 'colleague', hears: string) => `[data-party=${who}][data-hears=${hears}]`
  /** The desk shows it, within the bound after the press of the key. */
  async function follows(t: Test, what: string, pressedAt: number, selector: string): Promise<void> {
    await desk.locator(selector).first().waitFor()
    const at = await shown.at(selector, pressedAt)
    took.push(`${what} ${at - pressedAt}`)
    t.comment(`${what}: the screen followed after ${at - pressedAt} ms`)
  }
  /** The caller on hold by the key, and the colleague asked. */
  async function asks(t: Test, dialled: string) {
    await follows(t, 'hold', await phone.press('hold'), '[data-state=held]')
    const pressedAt = await phone.press('dial', dialled)
    await follows(t, 'dial', pressedAt, party('colleague', 'rings'))
    return colleague.phone.nextRing()
  }
  async function hear(
    t: Test,
    what: string,
    ends: Record<string, RtpEnd>,
    expected: Record<string, Party[]>,
  ) {
    const wanted = JSON.stringify(expected)
    const now = () =>
      JSON.stringify(
        Object.fromEntries(
          Object.entries(ends).map(([who, rtp]) => [who, heardBy(tones, rtp, who as Party)]),
        ),
      )
    let last = ''
    await until(() => (last = now()) === wanted).catch(() => undefined)
    t.equal(last, wanted, what)
  }
  /** What the phone says in the REFER of its transfer key: this release of baresip has none for two calls. */
  async function otherLine(channel: string): Promise<string> {
    const [callId, ours, theirs] = await Promise.all(
      ['CHANNEL(pjsip,call-id)', 'CHANNEL(pjsip,local_tag)', 'CHANNEL(pjsip,remote_tag)'].map(
        async (variable) => {
          const asked = `channels/${channel}/variable?variable=${encodeURIComponent(variable)}`
          return ((await scene.linia.ari(asked)) as { value: string }).value
        },
      ),
    )
    const { host, port } = scene.linia.sip
    const replaces = encodeURIComponent(`${callId};to-tag=${ours};from-tag=${theirs}`)
    return `sip:agent03@${host}:${port}?Replaces=${replaces}`
  }

  await t.test(
    'aside, back and again, all three by the desk, and connected by the transfer key',
    async (t) => {
      const citizen = await talk('0722000981')
      const ring = await asks(t, 'agent03')
      t.equal((await channels()).length, 4, 'caller, two lines of the agent, and the colleague’s phone')
      const theirs = await ring.answer(tone(colleagueTone))
      await desk.locator(party('colleague', 'talk')).waitFor()
      const ends = { citizen: citizen.rtp, colleague: theirs.rtp }
      await hear(t, 'aside', ends, { citizen: [], colleague: ['agent'] })
      await until(() => loudness(heardSince(citizen.rtp, performance.now() - 600)) > 0.005)
      t.pass('the citizen hears music')

      for (let round = 0; round < rounds; round += 1) {
        await follows(t, 'hold of the second line', await phone.press('hold'), party('colleague', 'music'))
        await phone.press('line', '1')
        await follows(t, 'back to the citizen', await phone.press('resume'), '[data-state=talking]')
        if (round === 0) await hear(t, 'back with the citizen', ends, { citizen: ['agent'], colleague: [] })
        await phone.press('hold')
        await phone.press('line', '2')
        await follows(t, 'back to the colleague', await phone.press('resume'), party('colleague', 'talk'))
      }
      await hear(t, 'aside again', ends, { citizen: [], colleague: ['agent'] })

      await desk.keyboard.press('Control+F6')
      await desk.locator(party('colleague', 'room')).waitFor()
      await hear(t, 'all three', ends, { citizen: ['agent', 'colleague'], colleague: ['citizen', 'agent'] })

      const [line] = await secondLines()
      const connect = await otherLine(line?.id ?? '')
      await phone.press('line', '1')
      const closed = phone.count('CALL_CLOSED')
      await follows(t, 'transfer', await phone.press('transfer', connect), '[data-state=wrap-up]')
      await hear(t, 'handed over', ends, { citizen: ['colleague'], colleague: ['citizen'] })
      await until(() => phone.count('CALL_CLOSED') === closed + 2)
      t.equal(phone.count('TRANSFER_FAILED'), 0, 'the phone reports no failure')
      t.match(await desk.locator('[data-sent=taken]').textContent(), new RegExp(colleague.name))
      theirs.hangUp()
      await citizen.ended
      const call = await scene.record('0722000981')
      t.match(
        call.legs.map(({ agent }) => agent.name),
        [name, colleague.name],
      )
      t.match(
        transitions(call).filter((type) => /Consult|SecondLine/.test(type)),
        [
          'ConsultRequested',
          ...Array.from({ length: 2 * rounds }, () => 'SecondLineHeld'),
          'ConsultJoined',
          'ConsultCompleted',
        ],
      )
      await endWrapUp(desk)
    },
  )

  await t.test(
    'the second line is hung up, spelled on the digits and refused; connected while it rings',
    async (t) => {
      const citizen = await talk('0722000982')
      const ring = await asks(t, '2436803')
      await phone.press('hangup')
      t.equal(await ring.over, 'cancelled')
      await desk.locator('[data-party]').first().waitFor({ state: 'detached' })
      await waitForState(desk, 'held')
      const closed = phone.count('CALL_CLOSED')
      await phone.press('dial', 'nobody')
      await until(() => phone.count('CALL_CLOSED') > closed)
      t.match(phone.last('CALL_CLOSED'), /503/, 'nobody of this name')
      t.equal((await channels()).length, 2)

      await phone.press('dial', 'agent03')
      const again = await colleague.phone.nextRing()
      const [line] = await secondLines()
      const connect = await otherLine(line?.id ?? '')
      await phone.press('line', '1')
      await follows(
        t,
        'transfer while it rings',
        await phone.press('transfer', connect),
        '[data-state=wrap-up]',
      )
      const theirs = await again.answer(tone(colleagueTone))
      await hear(t, 'the colleague has the citizen', { citizen: citizen.rtp }, { citizen: ['colleague'] })
      theirs.hangUp()
      await citizen.ended
      await endWrapUp(desk)
    },
  )

  await t.test(
    'back to the citizen while the colleague’s phone rings, then to the second line again',
    async (t) => {
      const citizen = await talk('0722000984')
      const ring = await asks(t, 'agent03')
      await phone.press('line', '1')
      await phone.press('resume')
      await waitForState(desk, 'talking')
      const theirs = await ring.answer(tone(colleagueTone))
      await desk.locator(party('colleague', 'music')).waitFor()
      const ends = { citizen: citizen.rtp, colleague: theirs.rtp }
      await hear(t, 'with the citizen', ends, { citizen: ['agent'], colleague: [] })
      await phone.press('hold')
      await desk.locator(party('colleague', 'talk')).waitFor()
      await hear(t, 'with the colleague', ends, { citizen: [], colleague: ['agent'] })
      // The next citizen is for the agent, and not for the colleague, who has no wrap-up.
      await colleague.api.setState({ state: 'paused', reason: 'meal' })
      citizen.hangUp()
      await waitForState(desk, 'wrap-up')
      await endWrapUp(desk)
    },
  )

  await t.test('kill -9 of the server while the two are aside: nothing is lost', async (t) => {
    const citizen = await talk('0722000983')
    const theirs = await (await asks(t, 'agent03')).answer(tone(colleagueTone))
    await desk.locator(party('colleague', 'talk')).waitFor()
    const ends = { citizen: citizen.rtp, colleague: theirs.rtp }
    await hear(t, 'aside', ends, { citizen: [], colleague: ['agent'] })
    const before = (await channels()).map((one) => one.id).toSorted()
    const killedAt = performance.now()
    scene.linia.kill('server1')
    await hear(t, 'without a server', ends, { citizen: [], colleague: ['agent'] })
    await scene.linia.stack.ready(120_000)
    await hear(t, 'with the next one', ends, { citizen: [], colleague: ['agent'] })
    for (const end of [citizen.rtp, theirs.rtp])
      t.ok(Math.max(0, ...gapsSince(end, killedAt)) < goesOnMs, 'the audio went on')
    t.same((await channels()).map((one) => one.id).toSorted(), before, 'the same channels')
    await desk.locator(party('colleague', 'talk')).waitFor()
    const [line] = await secondLines()
    const connect = await otherLine(line?.id ?? '')
    await phone.press('line', '1')
    await phone.press('transfer', connect)
    await hear(t, 'handed over', ends, { citizen: ['colleague'], colleague: ['citizen'] })
    theirs.hangUp()
    await citizen.ended
    t.equal((await scene.record('0722000983')).outcome, 'answered')
    await endWrapUp(desk)
    await colleague.api.setState({ state: 'paused', reason: 'meal' })
  })

  const fastest = (what: string) =>
    Math.min(...took.flatMap((one) => (one.startsWith(what) ? [Number(one.split(' ').at(-1))] : [])))
  // A dialled colleague and a transfer are printed alone: other processes than ours work before the screen does.
  for (const what of ['hold', 'back to the citizen', 'back to the colleague'])
    t.ok(fastest(what) <= followsMs, `${what}: within ${followsMs} ms`)
  await ringsOn('web')
}
