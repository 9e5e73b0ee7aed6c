/** A conversation with colleagues and supervisors at hand, and who hears whom in it. */
import type { Test } from 'tap'
import type { LiveCall } from '../../src/core/call.ts'
import { isExternal } from '../../src/core/contact.ts'
import type { DeskCommand } from '../../src/core/desk-command.ts'
import { agentLegOf, AgentId, CallId, ChannelId, QueueId, type OfferId } from '../../src/core/ids.ts'
import { newQueue } from '../../src/core/queue.ts'
import type { TestRedis } from '../support/redis.ts'
import { soon } from '../support/until.ts'
import { agentNamed, Stage, type Server } from './stage.ts'

export const ana = AgentId('ana')
export const ion = AgentId('ion')
export const vera = AgentId('vera')

/** Ana talks with the caller `c1`; Ion is free, Vera supervises with a desk phone and takes no calls. */
export async function besideStage(t: Test, redis: TestRedis) {
  const stage = new Stage(t, redis, ['ana'])
  stage.queues.push(newQueue(QueueId('taxes'), 'Taxe'))
  for (const name of ['ion', 'vera', 'zoe']) stage.agents.push({ ...agentNamed(name), skills: { taxes: 1 } })
  let server = await stage.server().start()
  await server.work('ana')
  stage.asterisk.arrive('c1')
  const offer = await server.talk('c1')
  await server.work('ion')
  for (const name of ['vera', 'zoe']) stage.asterisk.register(name, 'desk')
  await soon(() => server.agentOrNull('zoe')?.phones.desk === true)

  const call = (): LiveCall => {
    const found = server.call('c1')
    if (found === undefined) throw new Error('the call is over')
    return found
  }
  const perform = (command: DeskCommand) => server.owner.desk.perform(command)
  const offerOf = (agent: AgentId): OfferId | undefined => {
    const { consult, supervisions } = call()
    const offers = [
      ...(consult === null || isExternal(consult.offer) ? [] : [consult.offer]),
      ...supervisions.map((one) => one.offer),
    ]
    return offers.find((one) => one.agent === agent)?.id
  }
  /** The phone of a colleague or a supervisor is picked up. */
  const answers = async (agent: AgentId): Promise<OfferId> => {
    await soon(() => {
      const rung = offerOf(agent)
      return rung !== undefined && stage.channel(agentLegOf(rung)) !== undefined
    })
    const rung = offerOf(agent) as OfferId
    stage.asterisk.answer(agentLegOf(rung))
    return rung
  }
  /** `kill -9`, and another node takes over. */
  const taken = async (): Promise<Server> => {
    await server.kill()
    await stage.leaseLapses()
    server = await stage.server('two').start()
    return server
  }
  return {
    stage,
    offer,
    call,
    perform,
    answers,
    taken,
    server: () => server,
    /** Waits until exactly these groups hear each other; a leg is named by its offer, the caller by `c1`. */
    hear: (...groups: readonly (readonly string[])[]) => soon(() => same(heard(stage), groups)),
    queue: QueueId('taxes'),
    id: CallId('c1'),
  }
}

/** A caller, or a second line, has a channel's own name. */
const legOf = (name: string): ChannelId =>
  name.startsWith('leg-') ? agentLegOf(name as OfferId) : ChannelId(name)

function heard({ asterisk }: Stage): string[] {
  const groups = [...asterisk.bridges.values()].filter((members) => members.size > 1)
  return groups.map((members) => [...members].toSorted().join(' ')).toSorted()
}

function same(found: readonly string[], groups: readonly (readonly string[])[]): boolean {
  const wanted = groups.map((names) =>
    names
      .map((name) => (name.startsWith('ear-') ? name : legOf(name)))
      .toSorted()
      .join(' '),
  )
  return found.join('\n') === wanted.toSorted().join('\n')
}
