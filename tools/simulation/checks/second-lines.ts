/** Second lines of phones: in which call each was dialled, and whether the agent speaks by the line that the phone has active. */
import type { AcdEvent } from '../../../src/core/acd-event.ts'
import type { LiveCall } from '../../../src/core/call.ts'
import { agentLegOf, type CallId, type ChannelId } from '../../../src/core/ids.ts'
import type { FakeAsterisk } from '../../../test/support/pbx/fake-pbx.ts'
import { speakingIn } from './media.ts'

export class SecondLines {
  readonly #dialled = new Map<ChannelId, { readonly call: CallId; readonly at: number }>()

  /** `at`: elapsed. */
  note({ subject, id, event }: AcdEvent, at: number): void {
    if (subject === 'call' && event.type === 'ConsultRequested' && event.secondLine !== null)
      this.#dialled.set(event.secondLine, { call: id, at })
  }

  callOf(channel: ChannelId): CallId | undefined {
    return this.#dialled.get(channel)?.call
  }

  /**
   * The line that the phone has active, where the agent does not speak by it; null: none. With both on hold, or neither, the
   * phone's keys do not tell. `healthySince`: of an earlier line a key's event may have been lost.
   */
  unheard(call: LiveCall, { channels }: FakeAsterisk, healthySince: number): ChannelId | null {
    const line = call.consult?.secondLine?.channel
    if (line === undefined || !('offer' in call)) return null
    if ((this.#dialled.get(line)?.at ?? -1) < healthySince) return null
    const leg = agentLegOf(call.offer.id)
    const [first, second] = [channels.get(leg)?.held, channels.get(line)?.held]
    if (first === undefined || second === undefined || first === second) return null
    const active = first ? line : leg
    return speakingIn(call, call.offer.id) === active ? null : active
  }
}
