/**
 * The second line of a desk phone: with the caller on hold there, the agent dials a colleague, who is asked as from the desk.
 * The phone is told of a refusal by the end of the line, as of any call that does not come about.
 */
import { CallId, type ChannelId } from '../../core/ids.ts'
import type { LatestIds } from '../latest-ids.ts'
import type { PbxEvent } from '../ports.ts'
import { ask } from './consult.ts'
import { extensionOf } from './extensions.ts'
import { refuse, type DeskTools } from './tools.ts'

export type SecondLine = Extract<PbxEvent, { type: 'SecondLine' }>

/** `refused`: the lines that were refused so far. */
export async function askByPhone(
  line: SecondLine,
  refused: LatestIds<ChannelId>,
  tools: DeskTools,
): Promise<void> {
  const { acdState, conductor } = tools
  const { channel } = line
  const isTaken = (): boolean => acdState.callOfSecondLine(channel) !== undefined
  // Reported twice.
  if (isTaken() || refused.has(channel)) return
  const answer = await answered(line, tools)
  if (isTaken()) return
  refused.add(channel)
  const as = !answer.ok && answer.refusal === 'colleague not free' ? 'busy' : 'congestion'
  await conductor.perform(CallId(channel), [{ do: 'HangUp', channel, as }])
}

async function answered({ channel, username, device, dialled }: SecondLine, tools: DeskTools) {
  const { callOf, directory } = tools
  const agent = directory.agentByUsername(username)
  const call = agent === undefined ? null : callOf({ agent: agent.id })
  if (agent === undefined || call?.phase !== 'held' || !call.byPhone || call.offer.device !== device)
    return refuse('not in a call')
  const to = extensionOf(dialled, directory)
  if (to === null || !('agent' in to)) return refuse('unknown agent')
  return ask({ do: 'consult', agent: agent.id, offer: call.offer.id, to, joins: false }, channel, tools)
}
