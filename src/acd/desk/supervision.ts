/** The commands of a supervisor on a call; `agent` is the supervisor. */
import { reachableDevice } from '../../core/agent.ts'
import { isCallback, type LiveCall } from '../../core/call.ts'
import type { CallId } from '../../core/ids.ts'
import { callbackFor } from '../callbacks/promisable.ts'
import { refuse, type DeskTools, type HandlersOf } from './tools.ts'

type Name =
  | 'supervise'
  | 'stopSupervising'
  | 'takeOver'
  | 'moveCall'
  | 'endCall'
  | 'promiseCallback'
  | 'cancelCallback'

/** Stages that end by themselves in a moment. */
const passing: ReadonlySet<LiveCall['phase']> = new Set([
  'greeting',
  'connecting',
  'closed',
  'voicemail',
  'dismissing',
])

export function supervisionHandlers(tools: DeskTools): HandlersOf<Name> {
  const { acdState, agentNow, conductor, directory, done, mayOffer } = tools

  /** A call of which this node can command the legs. */
  function liveCall(id: CallId): LiveCall | undefined {
    const call = acdState.call(id)?.value
    return call === undefined || acdState.isDetached(id) || conductor.isBroken(id) ? undefined : call
  }

  return {
    async supervise({ agent: id, call: callId, mode }) {
      if (!directory.agents().some((one) => one.id === id)) return refuse('unknown agent')
      const call = liveCall(callId)
      // Of a caller and an external party no agent is heard.
      if (call === undefined || !('room' in call) || call.phase === 'transferred')
        return refuse('no such conversation')
      const supervised = acdState.supervisedBy(id)
      if (supervised !== undefined) {
        if (supervised.id !== callId) return refuse('supervising another call')
        const offer = supervised.supervisions.find((one) => one.offer.agent === id)?.offer.id
        if (offer !== undefined) await conductor.apply(callId, { type: 'SupervisionChanged', offer, mode })
        return done(id)
      }
      const supervisor = agentNow(id)
      if (supervisor.state === 'offered' || supervisor.state === 'talking') return refuse('in a call')
      if (!mayOffer()) return refuse('line is away')
      const device = reachableDevice(supervisor.phones)
      if (device === null) return refuse('no reachable phone')
      const supervision = conductor.offerBeside(callId, id, device)
      await conductor.apply(callId, { type: 'SupervisorRung', supervision, mode })
      return done(id)
    },

    async stopSupervising({ agent: id }) {
      const call = acdState.supervisedBy(id)
      const offer = call?.supervisions.find((one) => one.offer.agent === id)?.offer.id
      if (call === undefined || offer === undefined) return refuse('not supervising')
      await conductor.apply(call.id, { type: 'AgentHungUp', offer })
      return done(id)
    },

    async takeOver({ agent: id }) {
      const call = acdState.supervisedBy(id)
      const supervision = call?.supervisions.find((one) => one.offer.agent === id)
      if (call === undefined || supervision?.isUp !== true) return refuse('not supervising')
      if (call.phase !== 'talking' && call.phase !== 'held') return refuse('no such conversation')
      const { state } = agentNow(id)
      if (state === 'offered' || state === 'talking') return refuse('in a call')
      await conductor.apply(call.id, { type: 'CallTakenOver', offer: supervision.offer.id })
      return done(id)
    },

    async moveCall({ agent, call: id, queue, toFront }) {
      const call = liveCall(id)
      if (call?.phase !== 'waiting' && call?.phase !== 'promised') return refuse('call not waiting')
      if (!directory.queues().some((one) => one.id === queue)) return refuse('unknown queue')
      await conductor.apply(id, { type: 'CallMoved', queue, toFront, by: agent })
      return done(agent)
    },

    async promiseCallback({ agent, call: id }) {
      const call = liveCall(id)
      if (call?.phase !== 'waiting') return refuse('call not waiting')
      const promise = callbackFor(call, tools)
      if (!promise.ok) return refuse(promise.refusal)
      await conductor.apply(id, { type: 'CallbackPromised', call: promise.callback, by: agent })
      return done(agent)
    },

    async cancelCallback({ agent, call: id }) {
      const call = liveCall(id)
      // It may have become a conversation.
      if (call === undefined || !isCallback(call)) return refuse('not to be called back')
      await conductor.apply(id, { type: 'CallEndedBySupervisor', by: agent })
      return done(agent)
    },

    async endCall({ agent, call: id }) {
      const stage = liveCall(id)?.phase
      if (stage === undefined || passing.has(stage)) return refuse('call is over')
      await conductor.apply(id, { type: 'CallEndedBySupervisor', by: agent })
      return done(agent)
    },
  }
}
