/** The command with which an agent calls a citizen. */
import { reachableDevice } from '../../core/agent.ts'
import type { Returned } from '../../core/call-event.ts'
import type { AgentId } from '../../core/ids.ts'
import { formsOf } from '../../core/configuration/line.ts'
import { beyondLimit, cityLine, judgeCallOut, type CallOutRefusal } from '../../core/phone-number.ts'
import { refuse, type DeskTools, type HandlersOf } from './tools.ts'

export function callOutHandlers(tools: DeskTools): HandlersOf<'callOut'> {
  const { acdState, agentNow, becomesReachable, conductor, directory, done, mayOffer, pbx } = tools

  const tooMany = (id: AgentId, returns: Returned | null): CallOutRefusal | null =>
    beyondLimit(conductor.callsOut.count(id), returns, tools.callOutRules())

  const isEngaged = (id: AgentId): boolean => {
    const { state, phones } = agentNow(id)
    const inCall = state === 'offered' || state === 'talking' || phones.ownCalls > 0
    return inCall || acdState.supervisedBy(id) !== undefined
  }

  return {
    async callOut({ agent: id, returns, ...command }) {
      if (!directory.agents().some((one) => one.id === id)) return refuse('unknown agent')
      if (agentNow(id).state === 'signed out') return refuse('not signed in')
      if (isEngaged(id)) return refuse('in a call')
      const asked = judgeCallOut(
        { ...command, returns },
        {
          rules: tools.callOutRules(),
          own: formsOf(directory.numbers()),
          lately: conductor.callsOut.count(id),
        },
      )
      if (!asked.ok) return refuse(asked.refusal)
      if (!(await becomesReachable(id))) return refuse('no reachable phone')
      // Anything may have come while the phone registered.
      const limitNow = tooMany(id, returns)
      if (limitNow !== null) return refuse(limitNow)
      const { phones, state } = agentNow(id)
      const device = reachableDevice(phones)
      if (!mayOffer() || device === null) return refuse('line is away')
      if (state === 'signed out' || isEngaged(id)) return refuse('in a call')
      const queue = directory.queues().find((one) => one.id === command.queue) ?? directory.queueOf(cityLine)
      const call = { pbx, line: cityLine, number: asked.number, queue }
      await conductor.callOut(call, id, device, returns)
      return done(id)
    },
  }
}
