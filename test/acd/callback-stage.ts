/** A citizen to whom a callback is promised, and agents who are rung for it. */
import type { Test } from 'tap'
import type { Ended } from '../../src/core/call.ts'
import { agentLegOf, AgentId, callbackOf, CallId, PbxName } from '../../src/core/ids.ts'
import { invariant } from '../../src/core/invariant.ts'
import type { TestRedis } from '../support/redis.ts'
import { soon } from '../support/until.ts'
import { Stage, type Server } from './stage.ts'

export const ana = AgentId('ana')
export const vera = AgentId('vera')
export const numbered = (nth: number) => `025610020${nth}`
export const callback = (call: string, attempt = 1) => callbackOf(PbxName('pbx1'), CallId(call), attempt)

export async function stageWith(t: Test, redis: TestRedis) {
  const stage = new Stage(t, redis, ['ana', 'ion', 'vera'])
  const server = await stage.server().start()
  return { stage, server }
}

export const perform = (
  server: Server,
  what: 'promiseCallback' | 'cancelCallback' | 'endCall',
  call: string,
) => server.owner.desk.perform({ do: what, agent: vera, call: CallId(call) })

export async function promisedTo(
  { stage, server }: { stage: Stage; server: Server },
  call: string,
  nth: number,
) {
  stage.asterisk.arrive(call, { callerNumber: numbered(nth) })
  await server.phase(call, 'waiting')
  const answer = await perform(server, 'promiseCallback', call)
  invariant(answer.ok, `no callback for ${call}`)
  await stage.endTold(call)
  return server.phase(callback(call), 'promised')
}

export async function ended({ events }: Stage, id: string): Promise<Ended> {
  const last = () => events.findLast((event) => event.id === id)?.after as Ended | undefined
  await soon(() => last()?.phase === 'ended')
  return last() as Ended
}

export async function picksUp(server: Server, id: string): Promise<void> {
  const { offer } = await server.phase(id, 'ringing')
  await soon(() => server.stage.channel(agentLegOf(offer.id)) !== undefined)
  server.stage.asterisk.answer(agentLegOf(offer.id))
}
