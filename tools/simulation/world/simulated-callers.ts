/** Simulated callers: they wait for a limited time and stay in a conversation until either side ends it. */
import type { SurveyPart } from '../../../src/core/announcements/survey.ts'
import { CallId, ChannelId } from '../../../src/core/ids.ts'
import type { FakeAsterisk } from '../../../test/support/pbx/fake-pbx.ts'
import type { Dialplan } from './dialplan.ts'
import type { Schedule } from '../kernel/schedule.ts'
import { closedNumber, type CallerPlan } from '../scenario.ts'
import type { Random } from '../kernel/random.ts'
import { menuKeys, type MenuKey } from '../../../src/core/configuration/menu.ts'
import { keysOf, menuPatienceMs } from './menus.ts'
import { callerFrom } from '../../../src/core/phone-number.ts'
import { bounds } from '../../../src/core/rules.ts'

/** Maximum duration of any call. */
const longestMs = 240_000
const blockedNumber = '0256999000'
/** Callers from it are turned away. */
export const blockedCaller = callerFrom(blockedNumber, '').number
/** One caller of so many has it. */
const blockedOneOf = 40
const lookAgainMs = 5_000
/** So many numbers: callers come again while they wait to be called back. */
const numbers = 25
export const numberOf = (nth: number): string => `0256100${200 + (nth % numbers)}`
/** How often a caller who has talked before looks in vain. */
const inVainMax = 3

export class SimulatedCallers {
  readonly #asterisk: FakeAsterisk
  readonly #schedule: Schedule
  readonly #dialplan: Dialplan
  readonly #citizens: Random
  /** Null: nobody presses any. */
  readonly #keys: Random | null
  readonly #answers: Random
  readonly #surveyed: Random
  readonly #whileClosed: Random
  readonly #pressed = new Map<ChannelId, readonly MenuKey[]>()
  /** Until when a caller has time (elapsed). */
  readonly #staysUntil = new Map<ChannelId, number>()
  /** Every placed call, with the time of its first bridge (elapsed). */
  readonly calls = new Map<CallId, { readonly placedAt: number; firstBridgedAt: number | null }>()

  constructor(
    asterisk: FakeAsterisk,
    schedule: Schedule,
    dialplan: Dialplan,
    {
      citizens,
      keys,
      answers,
      surveyed,
      whileClosed,
    }: {
      readonly citizens: Random
      readonly keys: Random | null
      readonly answers: Random
      readonly surveyed: Random
      readonly whileClosed: Random
    },
  ) {
    this.#asterisk = asterisk
    this.#schedule = schedule
    this.#dialplan = dialplan
    this.#citizens = citizens
    this.#keys = keys
    this.#answers = answers
    this.#surveyed = surveyed
    this.#whileClosed = whileClosed
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

  /**
   * A node has died: most whose phones ring pick up before another one owns the line, and stay for longer than the world
   * takes to settle after a death. Otherwise nobody is there any more once the rules are checked again.
   */
  nobodyLooks(): void {
    for (const { id, phone, arrived } of this.#asterisk.channels.values())
      if (phone === null && arrived === null && this.#citizens.chance(0.8))
        this.#schedule.after(this.#citizens.between(0, 100), () =>
          this.#pickUp(id, this.#citizens.between(20_000, 45_000)),
        )
  }

  #pickUp(citizen: ChannelId, patienceMs = this.#citizens.between(2_000, 25_000)): void {
    if (!this.#asterisk.channels.has(citizen) || this.calls.has(CallId(citizen))) return
    const placedAt = this.#schedule.elapsed
    this.calls.set(CallId(citizen), { placedAt, firstBridgedAt: null })
    this.#asterisk.pickUp(citizen)
    this.#schedule.after(patienceMs, () => this.#hangUpIfImpatient(citizen, placedAt))
  }

  #call({ id, queue, patienceMs }: CallerPlan): void {
    // No Asterisk receives the INVITE.
    if (!this.#asterisk.isAlive) return
    const call = CallId(id)
    const placedAt = this.#schedule.elapsed
    this.calls.set(call, { placedAt, firstBridgedAt: null })
    const isBlocked = this.calls.size % blockedOneOf === blockedOneOf / 2
    this.#dialplan.arrive(id, queue, isBlocked ? blockedNumber : numberOf(this.calls.size))
    if (queue === closedNumber) this.#endByKey(ChannelId(id))
    const pressing = this.#press(ChannelId(id))
    const staysMs = this.#keys === null ? patienceMs : patienceMs + menuPatienceMs
    this.#schedule.after(Math.max(staysMs, pressing), () => this.#hangUpIfImpatient(ChannelId(id), placedAt))
  }

  /** Some press the key that ends a message: most of them once they have spoken. */
  #endByKey(channel: ChannelId): void {
    const random = this.#answers
    if (random.chance(0.4)) this.#schedule.after(random.between(200, 15_000), () => this.press(channel, '#'))
  }

  /** Presses keys, in a menu or not. Answers how long a caller who does not stop stays at least. */
  #press(channel: ChannelId): number {
    const keys = this.#keys === null ? [] : keysOf(this.#keys)
    let at = 0
    for (const { afterMs, key } of keys) {
      at += afterMs
      this.#schedule.after(at, () => this.press(channel, key))
    }
    return keys.length > 6 ? at : 0
  }

  /** A caller is asked whether they want to be called back (`isAgain`: at this number), and may answer, soon or late, rightly or not. */
  asked(channel: ChannelId, isAgain: boolean): void {
    const random = this.#answers
    const afterMs = random.between(100, 11_000)
    // Most go on waiting: otherwise few would talk in their own call.
    const chance = isAgain ? random.next() : random.between(0.45, 1.5)
    const press = (key: MenuKey): void => void this.#schedule.after(afterMs, () => this.press(channel, key))
    if (chance < 0.7) press(isAgain ? '1' : '2')
    else if (chance < 0.8) press(isAgain ? '2' : '1')
    else if (chance < 0.85) press(random.pick(menuKeys))
    else if (chance < 0.92) this.#schedule.after(afterMs, () => this.#asterisk.hangUp(channel))
  }

  /** The caller of a closed number is asked the same. */
  askedWhileClosed(channel: ChannelId): void {
    const random = this.#whileClosed
    const afterMs = random.between(100, 9_500)
    const chance = random.next()
    const after = (act: () => void): void => void this.#schedule.after(afterMs, act)
    if (chance < 0.6) after(() => this.press(channel, '2'))
    else if (chance < 0.75) after(() => this.press(channel, random.pick(menuKeys)))
    else if (chance < 0.85) after(() => this.#asterisk.hangUp(channel))
  }

  /** A caller hears a part of a survey, and may answer, soon or late, rightly or not, or hang up. */
  surveyed(channel: ChannelId, part: SurveyPart): void {
    const random = this.#surveyed
    const afterMs = random.between(100, 11_000)
    const chance = random.next()
    const after = (act: () => void): void => void this.#schedule.after(afterMs, act)
    if (chance < 0.6)
      after(() => this.press(channel, random.pick(part === 'helped' ? ['1', '2'] : ['1', '3', '5'])))
    else if (chance < 0.75) after(() => this.press(channel, random.pick(menuKeys)))
    else if (chance < 0.85) after(() => this.#asterisk.hangUp(channel))
  }

  press(channel: ChannelId, key: MenuKey): void {
    if (this.#asterisk.channels.has(channel)) this.#pressed.set(channel, [...this.pressedOn(channel), key])
    this.#asterisk.press(channel, key)
  }

  /** The keys that the caller has pressed, in order. */
  pressedOn(channel: ChannelId): readonly MenuKey[] {
    return this.#pressed.get(channel) ?? []
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
