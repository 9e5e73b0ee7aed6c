import t from 'tap'
import type { Effect } from '../../../src/core/effect.ts'
import { effectsBetween, isStillWanted } from '../../../src/core/media/media-effects.ts'
import { arrivingPlan, mediaPlan } from '../../../src/core/media/media-plan.ts'
import type { LiveCall } from '../../../src/core/call.ts'
import { step } from '../../../src/core/call-step.ts'
import { dismiss } from '../../../src/core/steps/next.ts'
import { callerLegOf, dismissalOf } from '../../../src/core/ids.ts'
import { run, callIn, id, inShort, rules, t0, wayTo, answered, anaAgain } from '../samples.ts'

const phases = ['greeting', 'waiting', 'ringing', 'connecting', 'talking', 'held', 'reconnecting'] as const
const calls: readonly LiveCall[] = [
  ...phases.map((phase) => callIn(phase)),
  dismiss(callIn('waiting'), 'rejected', { say: 'waited too long' }, t0).call as LiveCall,
]

/** In which of these states an effect is still wanted. */
const wantedIn = (effect: Effect): readonly string[] =>
  calls.filter((call) => isStillWanted(effect, call)).map(({ phase }) => phase)

/** The first effect of this kind on a call's way to a conversation that is held and resumed. */
function effectOf<Do extends Effect['do']>(name: Do): Extract<Effect, { do: Do }> {
  const way = [
    ...wayTo.held,
    { type: 'ResumeRequested', offer: callIn('held').offer.id, by: 'desk' } as const,
    { type: 'AgentLegLost', offer: callIn('held').offer.id, cause: 'no audio' } as const,
    { type: 'ReturnOffered', offer: anaAgain } as const,
    answered(anaAgain),
  ]
  const start = callIn('greeting')
  for (let length = 1; length <= way.length; length++) {
    const { effects } = run(start, way.slice(0, length))
    const found = effects.find((effect) => effect.do === name)
    if (found !== undefined) return found as Extract<Effect, { do: Do }>
  }
  throw new Error(`no ${name} on the way`)
}

void t.test('a final effect is wanted whatever became of the call', async (t) => {
  const channel = callerLegOf(id)
  const final: readonly Effect[] = [
    { do: 'HangUp', channel, as: 'normal' },
    { do: 'FinishRecording', call: id },
    { do: 'AnswerCaller', channel },
    { do: 'SignalProgress', channel },
    effectOf('DestroyBridge'),
  ]
  for (const effect of final) t.ok(isStillWanted(effect, undefined), effect.do)
})

void t.test('any other effect is wanted only in the state that asked for it', async (t) => {
  const channel = callerLegOf(id)
  t.same(wantedIn(effectOf('RingAgent')), ['ringing'])
  const invited = step(callIn('reconnecting'), { type: 'ReturnOffered', offer: anaAgain }, t0, rules)
  for (const effect of invited.effects)
    t.ok(isStillWanted(effect, invited.call as LiveCall), 'the agent who is rung again')
  t.same(wantedIn(effectOf('StartMusic')), ['waiting', 'ringing', 'held', 'reconnecting'])
  t.same(wantedIn({ do: 'StopMusic', channel }), ['greeting', 'connecting', 'talking', 'dismissing'])
  t.same(wantedIn({ do: 'Play', channel, playback: dismissalOf(id), prompt: { say: 'line full' } }), [
    'dismissing',
  ])
  t.same(wantedIn(effectOf('Connect')), ['connecting', 'talking'])
  t.same(wantedIn(effectOf('BuildBridge')), ['ringing', 'connecting', 'talking', 'held'])
  t.same(wantedIn(effectOf('Leave')), ['ringing', 'held'], 'the room is there while the phone rings')
  t.same(wantedIn(effectOf('Mute')), ['ringing', 'connecting', 'talking'], 'a leg begins unmuted')
  t.same(wantedIn({ ...effectOf('Mute'), muted: true }), [], 'another wish has come since')
  t.notOk(isStillWanted(effectOf('RingAgent'), undefined), 'the call is over')
})

void t.test('a plan that stays needs no effect', async (t) => {
  for (const call of calls) t.same(effectsBetween(mediaPlan(call), mediaPlan(call)), [], call.phase)
})

void t.test('from whatever is found, the caller’s seat of the plan is reached', async (t) => {
  const found = arrivingPlan(id, true)
  t.same(effectsBetween(found, found), [])
  for (const call of calls) {
    const effects = inShort(effectsBetween(found, mediaPlan(call)))
    const seat = mediaPlan(call).caller?.seat.at
    const first = seat === 'music' ? `StartMusic ${id}` : seat === 'room' ? 'Connect bridge-o1' : /^Play /
    t.match(effects[0], first, call.phase)
  }
})
