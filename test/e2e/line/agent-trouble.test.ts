/** Agents who do not take a ringing call: the caller keeps the place, and no agent is stuck. */
import t from 'tap'
import { tone } from '../../support/sip/audio.ts'
import { until } from '../../support/until.ts'
import { openScene, transitions, type Scene, type DeskAgent } from '../scene.ts'

const agentTone = 600

/** The agent's state on the board, with the reason of a pause. */
const stateOf = ({ view }: Scene, { id }: DeskAgent): string => {
  const agent = view.agents.get(id)
  return agent === undefined
    ? 'unknown'
    : agent.reason === null
      ? agent.state
      : `${agent.state}: ${agent.reason}`
}

/** Checks that the caller is finally served by this agent, and that both are free afterwards. */
async function servedBy(scene: Scene, deskAgent: DeskAgent, caller: string) {
  const talk = await deskAgent.phone.answerNext(tone(agentTone))
  await until(() => stateOf(scene, deskAgent) === 'talking')
  await until(() => [...scene.view.calls.values()].some(({ phase }) => phase === 'talking'))
  talk.hangUp()
  const call = await scene.record(caller)
  return {
    call,
    ends: call.events.filter(({ type }) => type === 'OfferEnded').map(({ detail }) => detail['end']),
  }
}

t.test('a call that an agent does not take', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t, { overrides: { RING_TIMEOUT_MS: '10000', MISSED_MAX: '2' } })
  let callers = 0
  const dial = async () => {
    callers += 1
    const callerId = `07220009${20 + callers}`
    return { caller: callerId, citizen: await scene.town.call({ callerId }) }
  }

  await t.test('after a decline the next agent rings, and the place is kept', async (t) => {
    const first = await scene.deskAgent('agent01')
    const second = await scene.deskAgent('agent02', { ready: false })
    const { caller, citizen } = await dial()
    const ring = await first.phone.nextRing()
    await second.api.setState({ state: 'ready' })
    ring.refuse(603)
    const { call, ends } = await servedBy(scene, second, caller)
    t.same(ends, ['declined'])
    t.match(call, { outcome: 'answered', agent: { name: second.name } })
    t.equal((await citizen.ended).ending, 'line hung up')
    await first.api.signOut()
    await second.api.signOut()
  })

  await t.test('an agent busy on their own phone: the offer counts as missed', async (t) => {
    const first = await scene.deskAgent('agent01')
    const second = await scene.deskAgent('agent02', { ready: false })
    const { caller } = await dial()
    const ring = await first.phone.nextRing()
    await second.api.setState({ state: 'ready' })
    ring.refuse(486)
    const { ends } = await servedBy(scene, second, caller)
    t.same(ends, ['busy'])
    t.equal(scene.view.agents.get(first.id)?.missed, 1)
    await first.api.signOut()
    await second.api.signOut()
  })

  await t.test('after two missed offers the agent is paused, visibly', async (t) => {
    const first = await scene.deskAgent('agent01')
    const { caller } = await dial()
    t.equal(await (await first.phone.nextRing()).over, 'cancelled')
    t.equal(await (await first.phone.nextRing()).over, 'cancelled')
    await until(() => stateOf(scene, first) === 'paused: missed')
    const second = await scene.deskAgent('agent02')
    const { ends } = await servedBy(scene, second, caller)
    t.same(ends, ['no answer', 'no answer'])
    await first.api.signOut()
    await second.api.signOut()
  })

  await t.test('an unplugged phone: the offer ends, another agent serves the caller', async (t) => {
    const first = await scene.deskAgent('agent01')
    const second = await scene.deskAgent('agent02', { ready: false })
    first.phone.vanish()
    const { caller } = await dial()
    await until(() => stateOf(scene, first) === 'offered')
    await second.api.setState({ state: 'ready' })
    const { call, ends } = await servedBy(scene, second, caller)
    t.equal(call.outcome, 'answered')
    t.equal(ends.length, 1)
    t.ok(['unreachable', 'no answer', 'expired'].includes(String(ends[0])), String(ends[0]))
    await first.api.signOut()
    await second.api.signOut()
  })

  await t.test('signing out while it rings: the offer ends, the caller keeps waiting', async (t) => {
    const first = await scene.deskAgent('agent01')
    const { caller } = await dial()
    const ring = await first.phone.nextRing()
    await first.api.signOut()
    t.equal(await ring.over, 'cancelled')
    await until(() => stateOf(scene, first) === 'signed out')
    const second = await scene.deskAgent('agent02')
    const { ends } = await servedBy(scene, second, caller)
    t.same(ends, ['withdrawn'])
    await second.api.signOut()
  })

  await t.test('the caller gives up while it rings: the agent is free at once', async (t) => {
    const first = await scene.deskAgent('agent01')
    const { caller, citizen } = await dial()
    const ring = await first.phone.nextRing()
    citizen.hangUp()
    t.equal(await ring.over, 'cancelled')
    const call = await scene.record(caller)
    t.match(call, { outcome: 'abandoned', agent: null })
    t.equal(transitions(call).at(-1), 'CallerHungUp')
    await until(() => stateOf(scene, first) === 'ready')
    t.equal(scene.view.agents.get(first.id)?.missed, 0, 'it does not count as missed')
    await first.api.signOut()
  })

  await t.test('the agent answers at the moment in which the caller hangs up', async (t) => {
    const first = await scene.deskAgent('agent01')
    for (let round = 0; round < 5; round += 1) {
      const { caller, citizen } = await dial()
      const ring = await first.phone.nextRing()
      citizen.hangUp()
      // Both orders are valid: connected for a moment, or abandoned.
      const talk = await ring.answer(tone(agentTone)).catch(() => null)
      if (talk !== null) await talk.ended
      const { outcome } = await scene.record(caller)
      t.ok(outcome === 'answered' || outcome === 'abandoned', `outcome ${outcome}`)
      await until(() => stateOf(scene, first) === 'ready')
    }
    await first.api.signOut()
  })
})
