/**
 * What an agent does in a conversation beside talking: asks a colleague, goes to and fro, joins, hands over or goes back, asks
 * for help, and pauses the recording. Some of it comes twice, or when it means nothing any more.
 */
import type { DeskCommand } from '../../../src/core/desk-command.ts'
import { recordingPauseReasons } from '../../../src/core/media/recording-pause.ts'
import type { Agent } from '../../../src/core/agent.ts'
import type { AgentId } from '../../../src/core/ids.ts'
import type { Random } from '../kernel/random.ts'
import { contacts } from './simulated-externals.ts'

export interface InConversationDeps {
  readonly random: Random
  /** Whether an external party is asked, and which. */
  readonly outside: Random
  /** As far as the leg is still up by then. */
  readonly later: (waitMs: number, act: () => void) => void
  /** Gives a command at the desk. */
  readonly command: (command: Unsigned) => void
  readonly reload: () => void
  readonly self: AgentId
  readonly colleagues: readonly AgentId[]
  readonly shown: (agent: AgentId) => Agent | undefined
  /** The caller has time. */
  readonly keepTalking: (forMs: number) => void
}

type Unsigned = DeskCommand extends infer Command
  ? Command extends DeskCommand
    ? Omit<Command, 'agent'>
    : never
  : never
export type { Unsigned as UnsignedCommand }

/** Longer than a recording may be paused. */
const veryLongMs = 320_000

/** Plans it for a conversation of this length, and answers by how much it is prolonged. */
export function planConversation(talkMs: number, deps: InConversationDeps): number {
  const { random } = deps
  const chance = random.next()
  if (chance < 0.12) return consults(random.between(100, talkMs), deps)
  if (chance < 0.16) asksForHelp(random.between(100, talkMs), deps)
  else if (chance < 0.24) return pausesRecording(random.between(100, talkMs), deps)
  return 0
}

function consults(
  fromMs: number,
  { random, outside, later, command, reload, self, colleagues, shown }: InConversationDeps,
): number {
  later(fromMs, () => {
    const free = colleagues.filter((id) => id !== self && shown(id)?.state === 'ready')
    const among = free.length > 0 && random.chance(0.9) ? free : colleagues
    const to = among[random.whole(0, among.length - 1)]
    if (to === undefined) return
    const consult: Unsigned = outside.chance(0.35)
      ? { do: 'consult', to: { contact: outside.pick(contacts).id }, joins: outside.chance(0.4) }
      : { do: 'consult', to: { agent: to }, joins: outside.chance(0.1) }
    command(consult)
    if (random.chance(0.05)) command(consult)
  })
  let atMs = fromMs
  const steps = random.whole(1, 5)
  for (let step = 0; step < steps; step += 1) {
    atMs += random.between(100, 2_500)
    later(atMs, () => {
      const next = random.pick<Unsigned>([
        { do: 'resume' },
        { do: 'resume' },
        { do: 'hold' },
        { do: 'joinConsult' },
        { do: 'joinConsult' },
        { do: 'mute', muted: true },
        { do: 'mute', muted: false },
        { do: 'pauseRecording', reason: 'caller asks' },
      ])
      command(next)
      if (random.chance(0.1)) command(next)
    })
  }
  atMs += random.between(50, 2_000)
  later(atMs, () => {
    const chance = random.next()
    if (chance < 0.3) command({ do: 'completeConsult' })
    else if (chance < 0.55) command({ do: 'cancelConsult' })
    else if (chance < 0.7) command({ do: 'hangUp' })
    else if (chance < 0.78) reload()
    if (random.chance(0.1))
      command(random.pick<Unsigned>([{ do: 'completeConsult' }, { do: 'cancelConsult' }]))
  })
  return atMs - fromMs + random.between(0, 3_000)
}

function asksForHelp(fromMs: number, { random, later, command }: InConversationDeps): void {
  later(fromMs, () => command({ do: 'askForHelp', wanted: true }))
  if (random.chance(0.5))
    later(fromMs + random.between(50, 3_000), () => command({ do: 'askForHelp', wanted: false }))
}

function pausesRecording(
  fromMs: number,
  { random, later, command, keepTalking }: InConversationDeps,
): number {
  later(fromMs, () => command({ do: 'pauseRecording', reason: random.pick(recordingPauseReasons) }))
  if (random.chance(0.03)) {
    later(fromMs, () => keepTalking(veryLongMs))
    return veryLongMs
  }
  if (random.chance(0.7)) later(fromMs + random.between(50, 3_000), () => command({ do: 'resumeRecording' }))
  return 0
}
