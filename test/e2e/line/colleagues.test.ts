/**
 * Whom an agent brings into a conversation, and who comes into it: a colleague is asked from the desk or by the second line of a desk
 * phone, a caller is sent on, a supervisor listens and takes over. Who hears whom in each state, and what the screens show.
 */
import t, { type Test } from 'tap'
import type { Page } from 'playwright-core'
import { contains, heardSince, loudness, tone } from '../../support/sip/audio.ts'
import type { UnfinishedCalls } from '../../../src/http/calls/wire.ts'
import type { RtpEnd } from '../../../tools/demo/calls/rtp.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import {
  bursts,
  inboundSound,
  openBrowser,
  openDesk,
  openSignedIn,
  waitForState,
} from '../../support/browser/browser.ts'
import { until } from '../../support/until.ts'
import { citizenTone, talk } from '../desk-steps.ts'
import { openScene, recordingOf } from '../scene.ts'
import { agentTone, colleagueTone, endWrapUp, type DeskWork } from './desk-work.ts'
import { secondLine } from './second-line-steps.ts'
import { supervised } from './supervision-steps.ts'
import { sentOn } from './transfer-steps.ts'

const tones = { citizen: citizenTone, agent: agentTone, colleague: colleagueTone }
type Party = keyof typeof tones

/** Whom an RTP end has heard in the last moments. */
const heardBy = (rtp: RtpEnd, but: Party): Party[] =>
  (Object.keys(tones) as Party[]).filter(
    (party) => party !== but && contains(tones[party], heardSince(rtp, performance.now() - 700)),
  )

/** The tones of one conversation have about the same level; the skirt of one is lower. */
const levelsDifferDb = 20
async function heardAtDesk(page: Page): Promise<Party[]> {
  const others = ['citizen', 'colleague'] as const
  const { levels, above } = await inboundSound(
    page,
    others.map((party) => tones[party]),
  )
  return above < 30 ? [] : others.filter((_, at) => (levels[at] ?? 0) > above - levelsDifferDb)
}

/** The longest stretch between two sounds, in milliseconds. */
function longestSilence(track: Int16Array, rate: number): number {
  const size = rate / 5
  let longest = 0
  let lastSound: number | null = null
  for (let from = 0; from + size <= track.length; from += size) {
    if (loudness(track.subarray(from, from + size)) < 0.005) continue
    if (lastSound !== null) longest = Math.max(longest, from - lastSound - size)
    lastSound = from
  }
  return (longest / rate) * 1_000
}

const panel = (page: Page) => page.locator('[data-transfer-panel]')
const focusIsKept = (page: Page) => page.evaluate(() => document.activeElement?.tagName !== 'BODY')

t.test('an agent’s conversation with others', { timeout: 1_500_000 }, async (t) => {
  // Long enough to be read; the wrap-up ends when a caller comes back.
  const scene = await openScene(t, {
    agents: 3,
    overrides: { WRAP_UP_MS: '60000', RING_TIMEOUT_MS: '60000' },
  })
  const { newContext } = await openBrowser(t, bursts(agentTone))
  const desk = await openDesk(await newContext(), scene.linia.url, scene.linia.account('agent01'))
  await desk.keyboard.press('F4')
  await waitForState(desk, 'ready')
  const colleague = await scene.deskAgent('agent03', { ready: false })
  await colleague.api.ask('PUT', '/api/me/device', { device: 'desk' })
  const work: DeskWork = { scene, desk, colleague }

  // First: it looks at the sums of the agent's shift.
  await t.test('callers are sent on from the desk', (t) => sentOn(t, work))
  await t.test('a colleague is asked from the desk', async (t) => {
    const context = await newContext()
    const theirs = await openSignedIn(context, scene.linia.url, scene.linia.account('agent03'))
    await asked(t, work, theirs)
    await context.close()
  })
  await t.test('a colleague is asked by the second line of a desk phone', (t) => secondLine(t, work))
  await t.test('a supervisor in a conversation', (t) => supervised(t, work))
})

/** Before and after it, the agent is ready and the colleague is paused. */
async function asked(t: Test, { scene, desk, colleague }: DeskWork, theirs: Page): Promise<void> {
  /** Each of the three hears exactly these; null: it is not looked at. */
  async function hear(
    name: string,
    ends: { readonly citizen: RtpEnd; readonly colleague: RtpEnd | null },
    expected: { readonly citizen: Party[]; readonly colleague: Party[]; readonly agent: Party[] | null },
  ): Promise<void> {
    const now = async () => ({
      citizen: heardBy(ends.citizen, 'citizen'),
      colleague: ends.colleague === null ? [] : heardBy(ends.colleague, 'colleague'),
      agent: expected.agent === null ? null : await heardAtDesk(desk),
    })
    const wanted = JSON.stringify(expected)
    let last = ''
    await until(async () => (last = JSON.stringify(await now())) === wanted).catch(() => undefined)
    t.equal(last, wanted, name)
  }

  const party = (who: 'caller' | 'colleague', state: string) =>
    desk.locator(`[data-party=${who}][data-hears=${state}]`)

  async function ask(): Promise<void> {
    await colleague.api.setState({ state: 'ready' })
    await desk.keyboard.press('Shift+F1')
    await panel(desk).waitFor()
    await desk.locator(`[data-target="agent-${colleague.id}"]:not([data-combobox-disabled])`).waitFor()
    // Below the colleagues stand departments: Enter takes the only match.
    await desk.keyboard.type(colleague.name.slice(0, 4))
    await until(async () => (await desk.locator('[data-target]').count()) === 1)
  }

  /** The colleague is asked and answers, and all three talk. */
  async function threeWay() {
    await ask()
    await desk.keyboard.press('Shift+Enter')
    const talk = await (await colleague.phone.nextRing()).answer(tone(colleagueTone))
    await party('colleague', 'talk').waitFor()
    await desk.keyboard.press('Control+F6')
    await party('colleague', 'room').waitFor()
    return talk
  }

  await t.test('side, to and fro, three-way, hand-over; each also after a refresh', async (t) => {
    const citizen = await talk(scene, desk, '0722000961')
    await until(() => heardBy(citizen.rtp, 'citizen').includes('agent'))
    await ask()
    await desk.keyboard.press('Shift+Enter')
    const ring = await colleague.phone.nextRing()
    await party('colleague', 'rings').waitFor()
    await party('caller', 'music').waitFor()
    t.equal(await panel(desk).count(), 0)
    await until(() => focusIsKept(desk))
    await waitForState(theirs, 'ringing')
    t.match(
      await theirs.locator('[data-asked=ringing]').textContent(),
      new RegExp(scene.linia.account('agent01').name),
    )
    const theirTalk = await ring.answer(tone(colleagueTone))
    const ends = { citizen: citizen.rtp, colleague: theirTalk.rtp }
    await party('colleague', 'talk').waitFor()
    await waitForState(theirs, 'consulted')
    const aside = { citizen: [], colleague: ['agent'], agent: ['colleague'] } satisfies Record<Party, Party[]>
    await hear('aside', ends, aside)
    t.equal(await theirs.locator('[data-call-buttons] button').count(), 1, 'the colleague can only leave')
    t.equal(await theirs.locator('[data-wrap-up]').count(), 0, 'and has no form')
    await checkScreen(t, desk, 'a colleague is asked')
    await checkScreen(t, theirs, 'the colleague who is asked')

    await desk.keyboard.press('Shift+F9')
    await party('colleague', 'music').waitFor()
    const back = { citizen: ['agent'], colleague: [], agent: ['citizen'] } satisfies Record<Party, Party[]>
    await hear('back with the caller', ends, back)
    await desk.keyboard.press('Shift+F9')
    await party('colleague', 'talk').waitFor()
    await hear('aside again', ends, aside)

    await desk.reload()
    await party('colleague', 'music').waitFor()
    await waitForState(desk, 'talking')
    await hear('after a refresh the agent is with the caller', ends, back)

    await desk.keyboard.press('Control+F6')
    await party('colleague', 'room').waitFor()
    const three = {
      citizen: ['agent', 'colleague'],
      colleague: ['citizen', 'agent'],
      agent: ['citizen', 'colleague'],
    } satisfies Record<Party, Party[]>
    await hear('three-way', ends, three)
    await desk.keyboard.press('Shift+F12')
    await desk.locator('[data-tones-sent]:focus').waitFor()
    await desk.keyboard.type('#5')
    await until(() => citizen.rtp.keys() === '#5' && theirTalk.rtp.keys() === '#5')
    t.pass('keys of the keypad reach both others')
    await desk.keyboard.press('Escape')
    await theirs.locator('[data-wrap-up]').waitFor()
    await theirs.reload()
    await waitForState(theirs, 'consulted')
    await theirs.locator('[data-asked=room]').waitFor()
    await desk.reload()
    await waitForState(desk, 'talking')
    await party('colleague', 'room').waitFor()
    await hear('three-way after a refresh', ends, three)

    await desk.keyboard.press('Control+F1')
    await waitForState(desk, 'wrap-up')
    t.match(await desk.locator('[data-sent=taken]').textContent(), new RegExp(colleague.name))
    await waitForState(theirs, 'talking')
    await hear('handed over', ends, { citizen: ['colleague'], colleague: ['citizen'], agent: null })
    await theirs.locator('[data-wrap-up]').waitFor()
    await theirs.locator('[data-action=recording]').waitFor()
    t.equal(await theirs.locator('[data-action=keypad]').count(), 0, 'a desk phone has keys of its own')
    theirTalk.hangUp()
    t.equal((await citizen.ended).ending, 'line hung up')
    const call = await scene.record('0722000961')
    t.match(call, { outcome: 'answered', agent: { name: colleague.name } })
    t.match(
      [...new Set(call.legs.map(({ agent }) => agent.name))],
      [scene.linia.account('agent01').name, colleague.name],
    )
    await endWrapUp(desk)
    await colleague.api.setState({ state: 'paused', reason: 'break' })
  })

  await t.test(
    'one who declines, one who leaves: the agent is told, and the caller still waits',
    async (t) => {
      const citizen = await talk(scene, desk, '0722000962')
      await ask()
      await desk.keyboard.press('Shift+Tab')
      await desk.keyboard.press('ArrowRight')
      await desk.locator('[data-target^="queue-"]').first().waitFor({ state: 'detached' })
      await desk.locator(`[data-target="agent-${colleague.id}"]`).click()
      ;(await colleague.phone.nextRing()).refuse(603)
      await desk.locator('[data-consult-ended=unanswered]').waitFor()
      t.match(await desk.locator('[data-consult-ended]').textContent(), new RegExp(colleague.name))
      await waitForState(desk, 'held')
      await until(() => focusIsKept(desk))
      await checkScreen(t, desk, 'the colleague did not answer')
      await desk.keyboard.press('Shift+F9')
      await waitForState(desk, 'talking')
      t.equal(await desk.locator('[data-consult-ended]').count(), 0)
      await hear(
        'back by one key',
        { citizen: citizen.rtp, colleague: null },
        {
          citizen: ['agent'],
          colleague: [],
          agent: ['citizen'],
        },
      )

      await ask()
      await desk.keyboard.press('Shift+Enter')
      const theirTalk = await (await colleague.phone.nextRing()).answer(tone(colleagueTone))
      await party('colleague', 'talk').waitFor()
      theirTalk.hangUp()
      await desk.locator('[data-consult-ended=left]').waitFor()
      await desk.keyboard.press('Shift+F9')
      await waitForState(desk, 'talking')

      await ask()
      await desk.keyboard.press('Shift+Enter')
      const last = await (await colleague.phone.nextRing()).answer(tone(colleagueTone))
      await party('colleague', 'talk').waitFor()
      await desk.keyboard.press('Control+F11')
      t.equal((await last.ended).by, 'them')
      await waitForState(desk, 'talking')
      t.equal(await desk.locator('[data-consult-ended]').count(), 0, 'the agent ended it')
      await waitForState(theirs, 'ready')
      await colleague.api.setState({ state: 'paused', reason: 'break' })
      const alone = { citizen: ['agent'], colleague: [], agent: ['citizen'] } satisfies Record<Party, Party[]>

      await threeWay()
      const notes = theirs.locator('[data-notes]')
      await notes.fill('Are două terenuri.')
      await desk.keyboard.press('Shift+F9')
      await theirs.locator('[data-asked=side]').waitFor()
      t.equal(await notes.inputValue(), 'Are două terenuri.', 'what was begun in the room stays')
      await notes.fill('Are două terenuri, moștenite.')
      await theirs.locator('output[data-status=saved]').first().waitFor()
      await theirs.reload()
      await theirs.locator('[data-asked=side]').waitFor()
      await until(async () => (await notes.inputValue()) === 'Are două terenuri, moștenite.')
      await desk.keyboard.press('Control+F6')
      await theirs.locator('[data-asked=room]').waitFor()
      const leaves = theirs.locator('[data-action=hang-up]')
      t.match(await leaves.textContent(), /Ieși din convorbire/)
      await theirs.keyboard.press('Shift+F8')
      await waitForState(theirs, 'wrap-up')
      await desk.locator('[data-consult-ended=left]').waitFor()
      await waitForState(desk, 'talking')
      await hear('the colleague has left by key', { citizen: citizen.rtp, colleague: null }, alone)
      await colleague.api.setState({ state: 'paused', reason: 'break' })
      await until(async () => {
        const list = await colleague.api.get<UnfinishedCalls>('/api/calls/unfinished')
        return list.items.some(({ caller }) => caller === '+40722000962')
      })
      await theirs.reload()
      await theirs.locator('[data-unfinished] [data-call]', { hasText: '0722 000 962' }).waitFor()
      t.pass('the colleague’s form is asked for while the call goes on')

      const byPhone = await threeWay()
      byPhone.hangUp()
      await waitForState(theirs, 'wrap-up')
      await waitForState(desk, 'talking')
      await desk.locator('[data-consult-ended=left]').waitFor()
      await hear('the colleague has hung up', { citizen: citizen.rtp, colleague: null }, alone)
      await colleague.api.setState({ state: 'paused', reason: 'break' })
      await waitForState(theirs, 'paused')

      await desk.keyboard.press('Shift+F8')
      t.equal((await citizen.ended).ending, 'line hung up')
      await endWrapUp(desk)
      await colleague.api.setState({ state: 'paused', reason: 'break' })
    },
  )

  await t.test(
    'help is asked for, and a part of the conversation is left out of the recording',
    async (t) => {
      const citizen = await talk(scene, desk, '0722000963')
      const call = () => [...scene.view.calls.values()].find(({ caller }) => caller === '+40722000963')
      await desk.keyboard.press('Shift+F11')
      await desk.locator('[data-action=ask-help][aria-pressed=true]').waitFor()
      await until(() => call()?.helpSince != null)
      await desk.keyboard.press('Control+F12')
      await desk.locator('[data-recording-reasons]').waitFor()
      await desk.locator('[data-reason="payment card"]:focus').waitFor()
      const askedAt = performance.now()
      await desk.keyboard.press('Enter')
      await desk.locator('[data-recording-paused="payment card"]').waitFor()
      await until(() => focusIsKept(desk))
      await until(() => call()?.recordingPause != null)
      const pausedAt = performance.now()
      await checkScreen(t, desk, 'the recording is paused')
      // Nothing is recorded while the page's phone is away.
      const awayFrom = performance.now()
      await desk.reload()
      await desk.locator('[data-recording-paused="payment card"]').waitFor()
      await waitForState(desk, 'talking')
      await until(() => heardBy(citizen.rtp, 'citizen').includes('agent'))
      const leastMs = awayFrom - pausedAt
      await desk.keyboard.press('Control+F12')
      await until(() => call()?.recordingPause == null)
      const mostMs = performance.now() - askedAt
      await desk.keyboard.press('Shift+F11')
      await until(() => call()?.helpSince == null)
      // Words that are recorded again.
      await desk.waitForTimeout(1_500)
      citizen.hangUp()
      const { id } = await scene.record('0722000963', ({ recording }) => recording === 'ready')
      const { rate, channels } = await recordingOf(t, scene.board, id)
      for (const [at, track] of channels.entries()) {
        const silentMs = longestSilence(track, rate)
        const paused = `${Math.round(leastMs)} to ${Math.round(mostMs)} ms were paused`
        t.ok(
          silentMs > leastMs - 2_500 && silentMs < mostMs + 2_500,
          `${Math.round(silentMs)} ms are silent in track ${at}, ${paused}`,
        )
      }
      await endWrapUp(desk)
    },
  )
}
