/** The command with which an agent calls a citizen. */
import { reachableDevice } from '../../core/agent.ts'
import type { AgentId, Millis } from '../../core/ids.ts'
import { callable, cityLine } from '../../core/phone-number.ts'
import { refuse, type DeskTools, type HandlersOf } from './tools.ts'

const hourMs = 3_600_000

export function callOutHandlers(tools: DeskTools): HandlersOf<'callOut'> {
  const { acdState, agentNow, becomesReachable, clock, conductor, directory, done, mayOffer, pbx, rules } =
    tools
  const { allowed, perHour } = rules.callOut
  /** When each agent has called within the last hour, oldest first; another owner begins anew. */
  const placed = new Map<AgentId, readonly Millis[]>()

  const placedLately = (id: AgentId): readonly Millis[] =>
    (placed.get(id) ?? []).filter((at) => at > clock.now() - hourMs)

  const isEngaged = (id: AgentId): boolean => {
    const { state, phones } = agentNow(id)
    const inCall = state === 'offered' || state === 'talking' || phones.ownCalls > 0
    return inCall || acdState.supervisedBy(id) !== undefined
  }

  return {
    async callOut({ agent: id, number, returns }) {
      if (!directory.agents().some((one) => one.id === id)) return refuse('unknown agent')
      if (agentNow(id).state === 'signed out') return refuse('not signed in')
      if (isEngaged(id)) return refuse('in a call')
      const asked = callable(number, allowed)
      if (!asked.ok) return refuse(asked.refusal)
      if (placedLately(id).length >= perHour) return refuse('too many calls')
      if (!(await becomesReachable(id))) return refuse('no reachable phone')
      // Anything may have come while the phone registered.
      const lately = placedLately(id)
      if (lately.length >= perHour) return refuse('too many calls')
      const { phones, state } = agentNow(id)
      const device = reachableDevice(phones)
      if (!mayOffer() || device === null) return refuse('line is away')
      if (state === 'signed out' || isEngaged(id)) return refuse('in a call')
      placed.set(id, [...lately, clock.now()])
      const queue = directory.queueOf(cityLine)
      const call = { pbx, line: cityLine, number: asked.number, queue }
      await conductor.callOut(call, id, device, returns)
      return done(id)
    },
  }
}
