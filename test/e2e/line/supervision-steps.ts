/** Supervisors listen, whisper and join, on real Asterisk with tones: who hears whom, and what is recorded. */
import type { Test } from 'tap'
import type { Page } from 'playwright-core'
import { hasTone, heardSince, shareOf, topShareOf, tone } from '../../support/sip/audio.ts'
import type { RtpEnd } from '../../../tools/demo/calls/rtp.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import {
  bursts,
  inboundSound,
  levelsHeard,
  openBrowser,
  openSignedIn,
  waitForState,
} from '../../support/browser/browser.ts'
import { until } from '../../support/until.ts'
import { citizenTone, talk } from '../desk-steps.ts'
import { recordingOf } from '../scene.ts'
import { bounceMs } from '../../../src/ui/agent/keys/chords.ts'
import { agentTone, endWrapUp, type DeskWork } from './desk-work.ts'

const supervisorTone = 1_900
const secondTone = 1_300
/** Decibels below the loudest frequency. Codec and A-law leave a tone's traces some 40 dB below it. */
const heardFrom = -25
const unheardBelow = -36
/** Longer than two of the microphone's bursts. */
const listenedMs = 1_500
/** A voice that leaks is heard for as long as somebody speaks. */
const leakFoundMs = 15_000
/** Of a voice in a track: a tenth of a second of one in a short call is more. Gaps in the caller's own tone, on a busy machine, are less. */
const strayShare = 0.004

/** What the supervisor did before taking the call over, and the key for it. */
const takenFrom = [
  ['monitor', 'Control+Shift+F1'],
  ['whisper', 'Control+Shift+F2'],
  ['barge', 'Control+Shift+F3'],
] as const

const bar = (page: Page, state: string) => page.locator(`[data-supervision="${state}"]`)

/** A phone hears a tone among others. */
const hears = (rtp: RtpEnd, hertz: number): boolean => {
  const samples = heardSince(rtp, performance.now() - 600)
  return samples.length > 2_000 && shareOf(hertz, samples) > 0.02
}

/** The highest level of each tone in the page within the time. */
async function loudest(page: Page, hertz: readonly number[]): Promise<number[]> {
  const ends = performance.now() + listenedMs
  const most = hertz.map(() => -Infinity)
  while (performance.now() < ends)
    for (const [index, level] of (await levelsHeard(page, hertz)).entries())
      most[index] = Math.max(most[index] ?? -Infinity, level)
  return most
}

async function pageHears(page: Page, ...hertz: number[]): Promise<void> {
  let levels: number[] = []
  try {
    await until(async () => {
      levels = await loudest(page, hertz)
      return levels.every((level) => level > heardFrom)
    })
  } catch (cause) {
    const heard = hertz.map((one, index) => `${one} Hz: ${levels[index]?.toFixed(1)} dB`)
    const { packets } = await inboundSound(page)
    throw new Error(`The page does not hear ${heard.join(', ')}; ${packets} packets came.`, { cause })
  }
}

/** Before and after it, the agent is ready. */
export async function supervised(t: Test, { scene, desk }: DeskWork): Promise<void> {
  const { url } = scene.linia
  const supervisors = await openBrowser(t, bursts(supervisorTone))
  const board = await openSignedIn(await supervisors.newContext(), url, scene.linia.account('supervisor01'))
  const { name: agentName } = scene.linia.account('agent01')
  const { name } = scene.linia.account('supervisor01')
  const row = board.locator('[data-agent]', { hasText: agentName })
  /** By key on the row, once the board knows of the conversation. */
  async function begin(mode: string, key: string): Promise<void> {
    await row.locator('[data-state=talking]').waitFor()
    await row.locator('a').focus()
    await board.keyboard.press(key)
    await bar(board, mode).waitFor()
  }
  const told = (mode: string) => desk.locator(`[data-supervised=${mode}]`)
  const current = () => [...scene.view.calls.values()].at(-1)

  async function pageDoesNotHear(page: Page, hertz: number, whom: string): Promise<void> {
    let level = Infinity
    // A browser plays what it has, and on a busy machine mends gaps with what it had.
    const isUnheard = async (): Promise<boolean> => {
      level = (await loudest(page, [hertz]))[0] ?? -Infinity
      return level < unheardBelow
    }
    await until(isUnheard, leakFoundMs).catch(() => undefined)
    t.ok(level < unheardBelow, `${whom}: ${level.toFixed(1)} dB`)
  }
  async function phoneDoesNotHear(rtp: RtpEnd, hertz: number, whom: string): Promise<void> {
    const from = performance.now()
    await board.waitForTimeout(listenedMs)
    const share = shareOf(hertz, heardSince(rtp, from))
    t.ok(share < 0.005, `${whom}: ${share.toFixed(4)}`)
  }

  await t.test('listens and whispers: the caller hears nothing of it, and no recording has it', async (t) => {
    const citizen = await talk(scene, desk, '0722000991')
    await until(() => hears(citizen.rtp, agentTone))
    await begin('monitor', 'Control+Shift+F1')
    await pageHears(board, citizenTone, agentTone)
    t.pass('the supervisor hears both')
    await told('monitor').waitFor()
    t.match(await told('monitor').textContent(), `${name} ascultă`)
    await pageDoesNotHear(desk, supervisorTone, 'the agent does not hear who listens')
    await phoneDoesNotHear(citizen.rtp, supervisorTone, 'nor does the caller')
    await checkScreen(t, board, 'the board of a supervisor who listens')

    await board.keyboard.press('Control+Shift+F2')
    await bar(board, 'whisper').waitFor()
    await pageHears(desk, supervisorTone, citizenTone)
    t.pass('the agent hears the whisper and the caller')
    await told('whisper').waitFor()
    await checkScreen(t, desk, 'the desk of an agent to whom somebody whispers')
    await phoneDoesNotHear(citizen.rtp, supervisorTone, 'the caller does not hear the whisper')
    await until(() => hears(citizen.rtp, agentTone))
    t.pass('the caller hears the agent')
    await pageHears(board, citizenTone, agentTone)

    await board.keyboard.press('Control+Shift+F8')
    await bar(board, 'whisper').waitFor({ state: 'detached' })
    await told('whisper').waitFor({ state: 'detached' })
    await pageHears(desk, citizenTone)
    await pageDoesNotHear(desk, supervisorTone, 'the agent hears the supervisor no more')
    await desk.keyboard.press('Shift+F8')
    await citizen.ended
    const call = await scene.record('0722000991', ({ recording }) => recording === 'ready')
    const { rate, channels } = await recordingOf(t, scene.board, call.id)
    for (const [index, track] of channels.entries()) {
      t.ok(shareOf(supervisorTone, track, rate) < strayShare, `track ${index} has no whisper`)
      t.ok(hasTone(index === 0 ? citizenTone : agentTone, track, rate), `track ${index} has its own voice`)
    }
    await endWrapUp(desk)
  })

  await t.test(
    'joins; stays through a reload of the agent, a killed server and another supervisor',
    async (t) => {
      const citizen = await talk(scene, desk, '0722000992')
      await until(() => hears(citizen.rtp, agentTone))
      const id = current()?.id ?? ''
      await row.locator('button').click()
      await board.locator('[role=menu] [data-action=barge]').waitFor()
      await board.locator('[role=menu] [data-action=barge]').click()
      await bar(board, 'barge').waitFor()
      await until(() => hears(citizen.rtp, supervisorTone) && hears(citizen.rtp, agentTone))
      await pageHears(desk, supervisorTone, citizenTone)
      await pageHears(board, citizenTone, agentTone)
      t.pass('all three hear each other')
      await told('barge').waitFor()

      await board.locator('[data-supervise=monitor]').click()
      await bar(board, 'monitor').waitFor()
      await desk.reload()
      await waitForState(desk, 'talking')
      await pageHears(desk, citizenTone)
      await pageHears(board, citizenTone, agentTone)
      t.pass('the agent’s page was reloaded, and the supervisor hears both')
      await told('monitor').waitFor()

      scene.linia.kill('server1')
      await scene.linia.stack.ready(120_000)
      await until(() => current()?.supervisions[0]?.mode === 'monitor')
      await pageHears(board, citizenTone, agentTone)
      await phoneDoesNotHear(citizen.rtp, supervisorTone, 'still unheard after the server was killed')

      const second = await scene.deskAgent('supervisor02', { ready: false })
      const asked = second.api.ask('POST', `/api/calls/${id}/supervision`, { mode: 'monitor' })
      const ring = await second.phone.nextRing()
      const ear = await ring.answer(tone(secondTone))
      await asked
      await until(() => hears(ear.rtp, citizenTone) && hears(ear.rtp, agentTone))
      await pageHears(board, citizenTone, agentTone)
      await phoneDoesNotHear(citizen.rtp, secondTone, 'two listen, and Asterisk mutes the desk phone')

      ear.hangUp()
      await board.keyboard.press('Control+Shift+F8')
      await bar(board, 'monitor').waitFor({ state: 'detached' })
      await desk.keyboard.press('Shift+F8')
      t.equal((await citizen.ended).ending, 'line hung up')
      await second.phone.close()
      await endWrapUp(desk)
    },
  )

  // A translator of Asterisk would drop about every second voice that follows another: three times shows it.
  for (const [index, [mode, key]] of takenFrom.entries())
    await t.test(
      `takes a call over, from ${mode}: caller and supervisor hear each other, the agent nobody`,
      async (t) => {
        const number = `072200099${index + 4}`
        // A key pressed just before would count as a bounce of the answering one.
        await desk.waitForTimeout(bounceMs)
        const citizen = await talk(scene, desk, number)
        await until(() => hears(citizen.rtp, agentTone))
        await begin(mode, key)
        await pageHears(board, citizenTone, agentTone)
        await board.keyboard.press('Control+Shift+F4')
        await bar(board, 'taken').waitFor()
        await until(() => hears(citizen.rtp, supervisorTone))
        await pageHears(board, citizenTone)
        await waitForState(desk, 'wrap-up')
        await phoneDoesNotHear(citizen.rtp, agentTone, 'the caller hears the agent no more')
        await pageDoesNotHear(board, agentTone, 'nor does the supervisor')
        await pageDoesNotHear(desk, citizenTone, 'the agent hears the caller no more')
        if (mode === 'monitor') {
          await checkScreen(t, board, 'the board of a supervisor who has taken a call over')
          scene.linia.kill('server1')
          await scene.linia.stack.ready(120_000)
          await until(() => hears(citizen.rtp, supervisorTone))
          await pageHears(board, citizenTone)
          t.pass('the killed server leaves them together')
        }
        await board.keyboard.press('Control+Shift+F8')
        t.equal((await citizen.ended).ending, 'line hung up')
        await bar(board, 'taken').waitFor({ state: 'detached' })
        const call = await scene.record(number, ({ recording }) => recording === 'ready')
        t.match(
          call.manifest?.segments.map(({ agent }) => agent?.name),
          [agentName, name],
          'each has a part of the recording',
        )
        const { rate, channels } = await recordingOf(t, scene.board, call.id)
        const [caller, served] = channels
        if (caller === undefined || served === undefined) throw new Error('The recording has no two tracks.')
        for (const hertz of [agentTone, supervisorTone])
          t.ok(topShareOf(hertz, served, rate) > 0.2, `${hertz} Hz is in the agents’ track`)
        const [ofAgent, ofSupervisor] = [
          shareOf(agentTone, caller, rate),
          shareOf(supervisorTone, caller, rate),
        ]
        t.ok(ofAgent < strayShare, `the agent is not in the caller’s track: ${ofAgent}`)
        // A supervisor who joined spoke to the agent, too, whose segment has what the agent heard.
        if (mode !== 'barge') t.ok(ofSupervisor < strayShare, `nor is the supervisor: ${ofSupervisor}`)
        await endWrapUp(desk)
      },
    )

  await t.test('of a call that is over the bar says so', async (t) => {
    const citizen = await talk(scene, desk, '0722000993')
    await begin('monitor', 'Control+Shift+F1')
    citizen.hangUp()
    await bar(board, 'over').waitFor()
    t.match(await board.locator('[data-supervision-problem]').textContent(), /încheiat/)
    const { status } = await scene.board
      .ask('POST', '/api/calls/none-1.1/supervision', { mode: 'monitor' })
      .catch((error: { status: number }) => error)
    t.equal(status, 409)
    await endWrapUp(desk)
  })
}
