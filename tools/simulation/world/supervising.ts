/**
 * Supervisors, who are agents as well: they listen, whisper, join, take callers over, move and end calls. And commands of
 * anybody that come at the wrong moment or mean something that is not there.
 */
import type { LiveCall } from '../../../src/core/call.ts'
import { supervisionModes } from '../../../src/core/call.ts'
import type { AgentId, QueueId } from '../../../src/core/ids.ts'
import type { Random } from '../kernel/random.ts'
import type { UnsignedCommand } from './in-conversation.ts'

/** Of those who take calls, and look at the board every few seconds. */
const superviseChance = 0.015
const meddleChance = 0.01
const promiseChance = 0.03
const boardMin = 8

export interface SupervisingDeps {
  readonly random: Random
  readonly self: AgentId
  readonly queues: readonly QueueId[]
  readonly colleagues: readonly AgentId[]
  /** The board: every call, as the owner node shows it. */
  readonly calls: () => readonly LiveCall[]
  readonly command: (command: UnsignedCommand) => void
}

/** Looks at the board. */
export function lookAtBoard({ random, self, queues, colleagues, calls, command }: SupervisingDeps): void {
  const chance = random.next()
  if (chance >= superviseChance + meddleChance + promiseChance) return
  const board = calls()
  if (chance >= superviseChance + meddleChance) {
    const waits = board.findLast(({ phase }) => phase === 'waiting')
    if (waits !== undefined) command({ do: 'promiseCallback', call: waits.id })
    return
  }
  // The last calls of a run are not all ended by supervisors.
  const call = board[random.whole(0, Math.max(board.length, boardMin) - 1)]
  const [queue] = random.chance(0.5) ? queues : [...queues].reverse()
  if (call === undefined || queue === undefined) return
  if (chance < superviseChance) {
    const isTalk = ({ phase }: LiveCall): boolean => phase === 'talking' || phase === 'held'
    const talk =
      board.find(({ consult, supervisions }) => consult !== null || supervisions.length > 0) ??
      board.find(isTalk) ??
      call
    command({
      do: 'supervise',
      call: (random.chance(0.7) ? talk : call).id,
      mode: random.pick(supervisionModes),
    })
    return
  }
  const to = colleagues[random.whole(0, colleagues.length - 1)] ?? self
  command(
    random.pick<UnsignedCommand>([
      { do: 'moveCall', call: call.id, queue, toFront: random.chance(0.5) },
      { do: 'moveCall', call: call.id, queue, toFront: random.chance(0.5) },
      { do: 'moveCall', call: call.id, queue, toFront: true },
      { do: 'endCall', call: call.id },
      { do: 'promiseCallback', call: call.id },
      { do: 'cancelCallback', call: call.id },
      { do: 'takeOver' },
      { do: 'stopSupervising' },
      { do: 'joinConsult' },
      { do: 'completeConsult' },
      { do: 'cancelConsult' },
      { do: 'consult', to: { agent: to }, joins: false },
      { do: 'consult', to: { agent: self }, joins: false },
      { do: 'transfer', to: { agent: to } },
      { do: 'resumeRecording' },
      { do: 'decline' },
      { do: 'hold' },
    ]),
  )
}

export interface InCallDeps extends Pick<SupervisingDeps, 'random' | 'command'> {
  readonly leg: string
  readonly call: LiveCall
  readonly later: (waitMs: number, act: () => void) => void
  /** The channel of the tap ends by itself. */
  readonly loseTap: () => void
}

/** Plans what a supervisor does once in a call, and answers for how long. */
export function planSupervision({ random, call, later, command, loseTap }: InCallDeps): number {
  let atMs = 0
  const steps = random.whole(0, 5)
  for (let step = 0; step < steps; step += 1) {
    atMs += random.between(100, 4_000)
    const chance = random.next()
    later(atMs, () => {
      if (chance < 0.6) command({ do: 'supervise', call: call.id, mode: random.pick(supervisionModes) })
      else if (chance < 0.8) command({ do: 'takeOver' })
      else if (chance < 0.9) loseTap()
      else if (chance < 0.93) command({ do: 'endCall', call: call.id })
    })
  }
  // Until the end of the call, or for a while.
  return atMs + (random.chance(0.4) ? 60_000 : random.exponential(4_000))
}
