/**
 * An agent asks a colleague by the second line of the phone: puts the caller on hold, dials, goes to and fro by the keys, and
 * connects the two, or hangs one line up. Some keys are reported late, in the other order, or when they mean nothing.
 */
import type { Agent } from '../../../src/core/agent.ts'
import type { AgentId, ChannelId } from '../../../src/core/ids.ts'
import type { AgentProfile } from '../../../src/core/queue.ts'
import type { Device } from '../../../src/core/offer.ts'
import type { FakeAsterisk } from '../../../test/support/pbx/fake-pbx.ts'
import type { Random } from '../kernel/random.ts'
import type { UnsignedCommand } from './in-conversation.ts'

export interface SecondLineDeps {
  readonly random: Random
  readonly asterisk: FakeAsterisk
  readonly self: AgentProfile
  readonly device: Device
  readonly leg: ChannelId
  /** As far as the leg is still up by then. */
  readonly later: (waitMs: number, act: () => void) => void
  readonly command: (command: UnsignedCommand) => void
  /** The user names of the others. */
  readonly colleagues: readonly { readonly id: AgentId; readonly username: string }[]
  readonly shown: (agent: AgentId) => Agent | undefined
  /** The agent hangs up the line with the caller. */
  readonly hangUp: () => void
}

/** Plans it for a conversation of this length, and answers by how much it is prolonged. */
export function planSecondLine(talkMs: number, deps: SecondLineDeps): number {
  const { random, asterisk, leg, later, command } = deps
  if (!random.chance(0.1)) return 0
  let line: ChannelId | null = null
  const key = (channel: ChannelId | null, held: boolean): void => {
    if (channel !== null) asterisk.holdKey(channel, held)
  }
  const transferKey = (channel: ChannelId, other: ChannelId): void => {
    if (asterisk.channels.has(channel)) asterisk.emit({ type: 'TransferAsked', channel, to: null, other })
  }
  /** The phone turns to one of the two: puts the other on hold, mostly first. */
  const turn = (to: ChannelId | null, from: ChannelId | null): void => {
    const keys = [() => key(from, true), () => key(to, false)]
    for (const press of random.chance(0.8) ? keys : keys.toReversed()) if (random.chance(0.95)) press()
  }

  const fromMs = random.between(100, talkMs)
  later(fromMs, () => {
    if (random.chance(0.95)) key(leg, true)
  })
  later(fromMs + random.between(10, 400), () => {
    line = asterisk.dialLine(deps.self.username, deps.device, whom(deps))
    if (random.chance(0.05)) asterisk.dialLine(deps.self.username, deps.device, whom(deps))
  })
  let atMs = fromMs + 400
  const steps = random.whole(0, 5)
  for (let step = 0; step < steps; step += 1) {
    atMs += random.between(100, 3_000)
    later(atMs, () => {
      const chance = random.next()
      if (chance < 0.35) turn(leg, line)
      else if (chance < 0.65) turn(line, leg)
      else
        command(
          random.pick<UnsignedCommand>([
            { do: 'joinConsult' },
            { do: 'joinConsult' },
            { do: 'hold' },
            { do: 'resume' },
            { do: 'mute', muted: true },
          ]),
        )
    })
  }
  atMs += random.between(50, 4_000)
  later(atMs, () => {
    const chance = random.next()
    if (line === null) return
    if (chance < 0.2) transferKey(leg, line)
    else if (chance < 0.4) transferKey(line, leg)
    else if (chance < 0.6) asterisk.hangUp(line)
    else if (chance < 0.7) command({ do: 'completeConsult' })
    else if (chance < 0.8) command({ do: 'cancelConsult' })
    else if (chance < 0.9) deps.hangUp()
  })
  later(atMs + random.between(20, 500), () => key(leg, false))
  return atMs - fromMs + random.between(500, 12_000)
}

/** Mostly somebody who is free. */
function whom({ random, colleagues, shown }: SecondLineDeps): string {
  const free = colleagues.filter(({ id }) => shown(id)?.state === 'ready')
  const among = free.length > 0 && random.chance(0.9) ? free : colleagues
  return random.chance(0.05) ? 'nobody' : (among[random.whole(0, among.length - 1)]?.username ?? 'nobody')
}
