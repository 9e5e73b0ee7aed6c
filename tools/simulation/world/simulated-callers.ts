/** Simulated callers: they wait for a limited time and stay in a conversation until either side ends it. */
import { CallId, ChannelId } from '../../../src/core/ids.ts'
import type { FakeAsterisk } from '../../../test/support/pbx/fake-pbx.ts'
import type { Dialplan } from './dialplan.ts'
import type { Schedule } from '../kernel/schedule.ts'
import type { CallerPlan } from '../scenario.ts'
import type { Random } from '../kernel/random.ts'
import { bounds } from '../../../src/core/rules.ts'

/** Maximum duration of any call. */
const longestMs = 240_000
const lookAgainMs = 5_000
/** How often a caller who has talked before looks in vain. */
const inVainMax = 3

export class SimulatedCallers {
  readonly #asterisk: FakeAsterisk
  readonly #schedule: Schedule
  readonly #dialplan: Dialplan
  readonly #citizens: Random
  /** Until when a caller has time (elapsed). */
  readonly #staysUntil = new Map<ChannelId, number>()
  /** Every placed call, with the time of its first bridge (elapsed). */
  readonly calls = new Map<CallId, { readonly placedAt: number; firstBridgedAt: number | null }>()

  constructor(asterisk: FakeAsterisk, schedule: Schedule, dialplan: Dialplan, citizens: Random) {
    this.#asterisk = asterisk
    this.#schedule = schedule
    this.#dialplan = dialplan
    this.#citizens = citizens
  }

  expect(plan: CallerPlan): void {
    this.#schedule.at(plan.atMs, () => this.#call(plan))
  }

  /** This caller stays for as long as the agent talks. */
  keepTalking(call: CallId, forMs: number): void {
    this.#staysUntil.set(ChannelId(call), this.#schedule.elapsed + forMs)
  }

  /** Notes that the caller is bridged with an agent. */
  bridged(call: CallId): void {
    const known = this.calls.get(call)
    if (known !== undefined) known.firstBridgedAt ??= this.#schedule.elapsed
  }

  /** The phone of a citizen whom an agent calls: picked up, declined, engaged, out of reach, or left to ring. */
  dialled(citizen: ChannelId): void {
    const random = this.#citizens
    const chance = random.next()
    const after = (waitMs: number, act: () => void): void => void this.#schedule.after(waitMs, act)
    if (chance < 0.6) after(random.between(500, 6_000), () => this.#pickUp(citizen))
    else if (chance < 0.75) after(random.between(200, 2_000), () => this.#asterisk.hangUp(citizen, 'busy'))
    else if (chance < 0.85) after(200, () => this.#asterisk.hangUp(citizen, 'unreachable'))
    // Just as the attempt is given up.
    else if (chance < 0.9) after(bounds.dialMs - random.between(0, 5), () => this.#pickUp(citizen))
  }

  #pickUp(citizen: ChannelId): void {
    if (!this.#asterisk.channels.has(citizen)) return
    const placedAt = this.#schedule.elapsed
    this.calls.set(CallId(citizen), { placedAt, firstBridgedAt: null })
    this.#asterisk.pickUp(citizen)
    const patienceMs = this.#citizens.between(2_000, 25_000)
    this.#schedule.after(patienceMs, () => this.#hangUpIfImpatient(citizen, placedAt))
  }

  #call({ id, queue, patienceMs }: CallerPlan): void {
    // No Asterisk receives the INVITE.
    if (!this.#asterisk.isAlive) return
    const call = CallId(id)
    const placedAt = this.#schedule.elapsed
    this.calls.set(call, { placedAt, firstBridgedAt: null })
    this.#dialplan.arrive(id, queue)
    this.#schedule.after(patienceMs, () => this.#hangUpIfImpatient(ChannelId(id), placedAt))
  }

  #hangUpIfImpatient(channel: ChannelId, placedAt: number, lookedInVain = 0): void {
    if (!this.#asterisk.channels.has(channel)) return
    const { elapsed } = this.#schedule
    const stays = elapsed < Math.max(placedAt + longestMs, this.#staysUntil.get(channel) ?? 0)
    // On music between two agents a caller has some patience, too.
    const hasTalked = (this.calls.get(CallId(channel))?.firstBridgedAt ?? null) !== null
    const waits = hasTalked && lookedInVain < inVainMax
    if (stays && (waits || this.#asterisk.talks(channel))) {
      const inVain = this.#asterisk.talks(channel) ? 0 : lookedInVain + 1
      this.#schedule.after(lookAgainMs, () => this.#hangUpIfImpatient(channel, placedAt, inVain))
      return
    }
    this.#asterisk.hangUp(channel)
  }
}
