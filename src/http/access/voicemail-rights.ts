/** The right to messages that callers have left (docs/rules/access.md, 12). */
import type { AgentId, CallId, Millis, QueueId } from '../../core/ids.ts'
import { levelFor } from '../../core/routing.ts'
import { recordingsOf, type KeptRecording } from '../../ledger/recordings/recordings.ts'
import {
  openVoicemails,
  removedQueues,
  voicemailOf,
  type LeftIn,
  type OpenVoicemails,
  type Voicemail,
} from '../../ledger/voicemails/voicemails.ts'
import type { Account } from '../../people/accounts.ts'
import type { RouteContext } from '../route-context.ts'
import { mayUse } from '../session/session.ts'
import { Refused } from '../shell/problem.ts'

/** After that a message is free again: its taker may have gone home. */
const takenMaxMs: Millis = 2 * 3_600_000

/** The queue whose agents see to it: where its own one has been removed, that of the number that was dialled. */
export function seeingQueue(
  { deps: { directory } }: RouteContext,
  { queue, line }: Pick<Voicemail, 'queue' | 'line'>,
): QueueId {
  return directory.queues().some(({ id }) => id === queue) ? queue : directory.queueOf(line).id
}

/** The queues whose skill the agent has. */
export function queuesServedBy({ deps: { directory } }: RouteContext, id: AgentId): readonly QueueId[] {
  const agent = directory.agents().find((one) => one.id === id)
  if (agent === undefined) return []
  return directory.queues().flatMap((queue) => (levelFor(agent, queue) === null ? [] : [queue.id]))
}

/** Whether the account takes, releases and closes the messages of that queue. */
export const servesVoicemail = (context: RouteContext, voicemail: Voicemail, account: Account): boolean =>
  mayUse(account, ['agent']) && queuesServedBy(context, account.id).includes(seeingQueue(context, voicemail))

/** A message is open to the agents of its queue until it is closed, and then to the one who closed it. */
export function isVoicemailOf(context: RouteContext, voicemail: Voicemail | null, account: Account): boolean {
  if (voicemail === null || voicemail.sound === 'silence' || !mayUse(account, ['agent'])) return false
  const { closed } = voicemail
  return closed === null ? servesVoicemail(context, voicemail, account) : closed.by.id === account.id
}

/** The segment that holds the caller's words alone: a call with a message may have conversations, too. */
export const isMessageOf = ({ leg, manifest: { tracks } }: KeptRecording): boolean =>
  leg === null && tracks.every((track) => track === 'caller')

/** The one who sees to an open message; null: nobody. An agent who has left its queue sees to it no longer. */
export function takerOf(context: RouteContext, voicemail: Voicemail): Voicemail['taken'] {
  const { taken, closed } = voicemail
  if (taken === null || closed !== null || context.deps.now() - taken.at >= takenMaxMs) return null
  const serves =
    taken.isSupervisor || queuesServedBy(context, taken.id).includes(seeingQueue(context, voicemail))
  return serves ? taken : null
}

/** Where open messages have been left that the account may see to: a supervisor to all. */
export async function openVoicemailsOf(
  context: RouteContext,
  account: Account,
): Promise<readonly OpenVoicemails[]> {
  const open = await openVoicemails(context.deps.db)
  if (mayUse(account, ['supervisor'])) return open
  const served = queuesServedBy(context, account.id)
  return open.filter((one) => served.includes(seeingQueue(context, one)))
}

/** Where the messages have been left to which the agents of this queue see. */
export async function leftFor(context: RouteContext, queue: QueueId): Promise<readonly LeftIn[]> {
  const known = context.deps.directory.queues().map(({ id }) => id)
  if (!known.includes(queue)) return []
  const removed = await removedQueues(context.deps.db, known)
  return [{ queue }, ...removed.filter((one) => seeingQueue(context, one) === queue)]
}

/**
 * The sound of a message, without any conversation of its call, for an account that may see to the message.
 * @throws {Refused} `no-such-voicemail`, `forbidden`, `no-recording`
 */
export async function heardMessage(
  context: RouteContext,
  account: Account,
  call: CallId,
): Promise<readonly KeptRecording[]> {
  const { db } = context.deps
  const voicemail = await voicemailOf(db, call)
  if (voicemail === null || voicemail.sound === 'silence') throw new Refused('no-such-voicemail')
  if (!mayUse(account, ['supervisor']) && !isVoicemailOf(context, voicemail, account))
    throw new Refused('forbidden')
  const message = (await recordingsOf(db, call)).filter(isMessageOf)
  if (message.length === 0) throw new Refused('no-recording')
  return message
}
