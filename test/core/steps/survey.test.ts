import t from 'tap'
import { isWorthAsking, surveySound, surveyTexts } from '../../../src/core/announcements/survey.ts'
import type { CallEvent } from '../../../src/core/call-event.ts'
import { step } from '../../../src/core/call-step.ts'
import { lineLanguages, type MenuKey } from '../../../src/core/configuration/menu.ts'
import { callDeadline } from '../../../src/core/deadline.ts'
import { agentLegOf, AgentId, surveyReadingOf } from '../../../src/core/ids.ts'
import { bounds } from '../../../src/core/rules.ts'
import { ana, as, callIn, channel, id, inShort, ion, rules, t0 } from '../samples.ts'

const pressed = (key: MenuKey): CallEvent => ({ type: 'KeyPressed', key })
const read = (nth: number): CallEvent => ({ type: 'PlaybackEnded', playback: surveyReadingOf(id, nth) })
const passed: CallEvent = { type: 'DeadlinePassed' }
const hungUp: CallEvent = { type: 'AgentHungUp', offer: ana.id, survey: true }
const at = t0 + 60_000
const after = (event: CallEvent, call = callIn('survey'), now = at) => step(call, event, now, rules)

void t.test('the agent who hangs up is free, and the caller hears the first question', async (t) => {
  const { call, agents, effects } = step(callIn('talking'), hungUp, at, rules)
  t.match(call, {
    phase: 'survey',
    part: 'helped',
    isReading: true,
    survey: { askedAt: at, helped: null, rating: null },
    legs: [{ agent: 'ana', until: at }],
    since: at,
  })
  t.same(agents, [{ agent: 'ana', event: { type: 'CallEnded', offer: ana.id, wrapUpMs: rules.wrapUpMs } }])
  t.ok(inShort(effects).includes(`HangUp ${agentLegOf(ana.id)}`))
  t.same(
    effects.find((one) => one.do === 'Play'),
    {
      do: 'Play',
      channel,
      playback: surveyReadingOf(id, 1),
      prompt: { say: 'announcement', sounds: [surveySound('ro', 'helped')] },
    },
  )
  t.notOk(effects.some((one) => one.do === 'HangUp' && one.channel === channel))
})

void t.test('a caller on hold, or whose agent was being rung again, is asked as well', async (t) => {
  const held = callIn('held')
  t.match(step(held, hungUp, at, rules).call, { phase: 'survey', heldMs: at - held.since })
  t.equal(step(callIn('reconnecting'), hungUp, at, rules).call.phase, 'survey')
})

void t.test('who is not to be asked, or goes on talking with a colleague, is not', async (t) => {
  const { call } = step(callIn('talking'), { type: 'AgentHungUp', offer: ana.id }, at, rules)
  t.match(call, { phase: 'ended', survey: null })
  const consult = { offer: ion, seat: 'room', hasTalked: true, secondLine: null } as const
  t.match(step({ ...callIn('talking'), consult }, hungUp, at, rules).call, {
    phase: 'talking',
    offer: { agent: 'ion' },
    survey: null,
  })
  t.equal(step(callIn('talking'), { ...hungUp, offer: ion.id }, at, rules).call.phase, 'talking')
})

void t.test('supervisors leave with the agent', async (t) => {
  const supervisor = { ...ion, agent: AgentId('sup') }
  const supervisions = [{ offer: supervisor, mode: 'barge', isUp: true } as const]
  const { call, effects } = step({ ...callIn('talking'), supervisions }, hungUp, at, rules)
  t.match(call, { phase: 'survey', supervisions: [] })
  t.ok(inShort(effects).includes(`HangUp ${agentLegOf(supervisor.id)}`))
})

void t.test('a key answers the question that is heard, and cuts it', async (t) => {
  const helped = after(pressed('2'))
  t.match(helped.call, { phase: 'survey', part: 'rating', isReading: true, survey: { helped: false } })
  t.same(inShort(helped.effects), [`StopPlaying ${channel}`, 'Play announcement'])
  const rated = after(pressed('5'), as(helped.call, 'survey'))
  t.match(rated.call, { part: 'thanks', survey: { helped: false, rating: 5 } })
  t.equal(after(pressed('1'), as(rated.call, 'survey')).call, rated.call, 'no question is open')
  const over = after(read(3), as(rated.call, 'survey'), at + 3_000)
  t.match(over.call, {
    phase: 'ended',
    outcome: 'answered',
    endedBy: 'agent',
    endedAt: at + 3_000,
    survey: { helped: false, rating: 5 },
  })
  t.match(after(pressed('1')).call, { survey: { helped: true } })
})

void t.test('a key without a meaning changes nothing', async (t) => {
  const call = callIn('survey')
  for (const key of ['3', '0', '*', '#'] as const) t.equal(after(pressed(key), call).call, call)
  const rating = as(after(pressed('1'), call).call, 'survey')
  for (const key of ['6', '0', '#'] as const) t.equal(after(pressed(key), rating).call, rating)
})

void t.test('one who does not answer is thanked, and not asked on', async (t) => {
  const silent = as(after(read(1)).call, 'survey')
  t.match(silent, { part: 'helped', isReading: false, until: at + bounds.menuKeyMs })
  t.equal(callDeadline(silent), at + bounds.menuKeyMs)
  t.equal(after(read(1), silent).call, silent, 'reported twice')
  t.equal(after(passed, silent, at + 1).call, silent)
  const late = at + bounds.menuKeyMs
  const thanked = as(after(passed, silent, late).call, 'survey')
  t.match(thanked, { part: 'thanks', survey: { helped: null, rating: null } })
  t.match(after(passed, thanked, late + bounds.promptMs).call, { phase: 'ended', outcome: 'answered' })
  t.match(after(pressed('1'), silent).call, { part: 'rating' }, 'in time')
})

void t.test('a question whose end is not reported is over by its bound', async (t) => {
  const call = callIn('survey')
  t.match(after(passed, call, call.until).call, { part: 'helped', isReading: false })
  t.equal(after({ type: 'PlaybackEnded', playback: surveyReadingOf(id, 2) }, call).call, call)
})

void t.test('the conversation was ended by the agent, whoever hangs up now', async (t) => {
  for (const event of [
    { type: 'CallerHungUp' },
    { type: 'CallerLost', pbxDied: true },
    { type: 'CallEndedBySupervisor', by: AgentId('sup') },
  ] as const)
    t.match(after(event).call, { phase: 'ended', outcome: 'answered', endedBy: 'agent' })
})

void t.test('who comes back from the fallback queue has been served long ago', async (t) => {
  t.equal(after({ ...read(1), queuedAt: at - 5_000 } as CallEvent).call.phase, 'ended')
})

void t.test(
  'every word is there in each language, and short conversations are not asked about',
  async (t) => {
    for (const language of lineLanguages) {
      const texts = surveyTexts(language)
      t.equal(texts.length, 3)
      for (const { sound, text } of texts) t.ok(sound.startsWith(`survey-${language}-`) && text.endsWith('.'))
    }
    t.equal(surveySound('hu', 'helped'), surveySound('ro', 'helped'), 'in Romanian to other callers')
    t.equal(isWorthAsking(t0, { talkedSeconds: 15 }, t0 + 14_999), false)
    t.equal(isWorthAsking(t0, { talkedSeconds: 15 }, t0 + 15_000), true)
  },
)
