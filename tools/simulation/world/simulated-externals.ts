/** Simulated parties outside: they answer, are engaged, never answer, and hang up whenever they like. */
import { ContactId, type ChannelId } from '../../../src/core/ids.ts'
import type { Contact } from '../../../src/core/contact.ts'
import { bounds } from '../../../src/core/rules.ts'
import type { FakeAsterisk } from '../../../test/support/pbx/fake-pbx.ts'
import type { Random } from '../kernel/random.ts'
import type { Schedule } from '../kernel/schedule.ts'

export const contacts: readonly [Contact, Contact] = [
  { id: ContactId('registry'), name: 'Stare civilă', number: '+40256408300', language: null },
  { id: ContactId('interpreter'), name: 'Interpret', number: '+40722000111', language: 'fr' },
]
/** No longer in the register. */
export const noContact = ContactId('gone')

export class SimulatedExternals {
  readonly #asterisk: FakeAsterisk
  readonly #schedule: Schedule
  readonly #random: Random
  readonly #left = new Set<ChannelId>()

  constructor(asterisk: FakeAsterisk, schedule: Schedule, random: Random) {
    this.#asterisk = asterisk
    this.#schedule = schedule
    this.#random = random
  }

  dialled(leg: ChannelId): void {
    const random = this.#random
    const chance = random.next()
    const after = (waitMs: number, act: () => void): void => void this.#schedule.after(waitMs, act)
    if (chance < 0.65) after(random.between(300, 6_000), () => this.#pickUp(leg))
    else if (chance < 0.75) after(random.between(200, 2_000), () => this.#asterisk.hangUp(leg, 'busy'))
    else if (chance < 0.8) after(200, () => this.#asterisk.hangUp(leg, 'unreachable'))
    // Just as the ringing ends.
    else if (chance < 0.85) after(bounds.transferMs - random.between(0, 5), () => this.#pickUp(leg))
  }

  #pickUp(leg: ChannelId): void {
    this.#asterisk.answer(leg)
    const talksMs = this.#random.chance(0.1) ? this.#random.between(0, 50) : this.#random.between(500, 25_000)
    this.#schedule.after(talksMs, () => {
      this.#left.add(leg)
      this.#asterisk.hangUp(leg)
    })
  }

  /** Whether the party itself has hung up. */
  hasLeft(leg: ChannelId): boolean {
    return this.#left.has(leg)
  }
}
