/** The morning's callers: they arrive at random, wait for a limited time, talk and hang up. */
import { setTimeout as delay } from 'node:timers/promises'
import { callThrough, type Citizen } from './citizen.ts'
import type { Random } from '../random.ts'
import type { Exchange } from './exchange.ts'
import type { LiveView } from '../live-view.ts'
import { speak } from './speech.ts'
import { randomCaller, type Concern, type CallerProfile } from './caller-profiles.ts'

export interface ArrivalsOptions {
  readonly exchange: Exchange
  readonly line: string
  readonly view: LiveView
  readonly chance: Random
  readonly speechFolder: string
  /** Mean time between two calls; evaluated for each call. */
  meanGapMs(): number
  trouble(sentence: string): void
}

export interface Tally {
  called: number
  /** Callers who talked with an agent. */
  served: number
  gaveUp: number
  turnedAway: number
  failed: number
}

const callersMax = 60
const firstRush = 6
const firstGapMs = 1200

export class Arrivals {
  readonly tally: Tally = { called: 0, served: 0, gaveUp: 0, turnedAway: 0, failed: 0 }
  readonly #options: ArrivalsOptions
  readonly #abort = new AbortController()
  readonly #calls = new Map<Citizen, Promise<void>>()
  readonly #concerns = new Map<string, Concern>()

  constructor(options: ArrivalsOptions) {
    this.#options = options
  }

  /** Number of calls in progress. */
  get calling(): number {
    return this.#calls.size
  }

  concernOf(caller: string | null): Concern {
    const known = caller === null ? undefined : this.#concerns.get(tail(caller))
    return known ?? randomCaller(this.#options.chance).concern
  }

  /** Sends callers until `stop`. */
  async run(): Promise<void> {
    const { chance } = this.#options
    const { signal } = this.#abort
    while (!signal.aborted) {
      // The first calls come in quick succession, so that the board fills at once.
      const gapMs = this.tally.called < firstRush ? firstGapMs : this.#options.meanGapMs()
      await delay(chance.exponential(gapMs), undefined, { signal }).catch(() => undefined)
      if (!signal.aborted && this.#calls.size < callersMax) await this.#send(randomCaller(chance))
    }
  }

  /** Makes all callers hang up. */
  async stop(): Promise<void> {
    this.#abort.abort()
    for (const citizen of this.#calls.keys()) citizen.hangUp()
    await Promise.race([Promise.all(this.#calls.values()), delay(3000)])
  }

  async #send(person: CallerProfile): Promise<void> {
    const { exchange, line, speechFolder } = this.#options
    try {
      const speech = await speak(person.concern.says, person.voice, speechFolder)
      const callerName = person.name
      const citizen = await callThrough(exchange, {
        number: line,
        callerId: person.number,
        callerName,
        speech,
      })
      if (person.number !== null) this.#concerns.set(tail(person.number), person.concern)
      this.tally.called += 1
      this.#calls.set(
        citizen,
        this.#accompany(citizen, person).finally(() => this.#calls.delete(citizen)),
      )
    } catch (error) {
      this.#options.trouble(error instanceof Error ? error.message : String(error))
    }
  }

  /** Patience applies until the caller talks with an agent; some callers hang up before the agent does. */
  async #accompany(citizen: Citizen, person: CallerProfile): Promise<void> {
    const { view, chance } = this.#options
    let patience: NodeJS.Timeout | undefined = setTimeout(() => citizen.hangUp(), person.patienceMs)
    let served = false
    const off = view.onChange(() => {
      if (served || !this.#talking(person)) return
      served = true
      clearTimeout(patience)
      if (chance.happens(0.35)) patience = setTimeout(() => citizen.hangUp(), chance.between(10_000, 40_000))
    })
    const outcome = await citizen.ended
    off()
    clearTimeout(patience)
    if (served) this.tally.served += 1
    else if (outcome.ending === 'gave up' || outcome.ending === 'hung up') this.tally.gaveUp += 1
    else if (outcome.ending === 'failed') this.tally.failed += 1
    else this.tally.turnedAway += 1
  }

  #talking(person: CallerProfile): boolean {
    const { number } = person
    for (const call of this.#options.view.calls.values()) {
      if (call.phase !== 'talking' && call.phase !== 'held') continue
      // Withheld numbers cannot be distinguished: any such call counts.
      if (number === null ? call.caller === null : call.caller !== null && tail(call.caller) === tail(number))
        return true
    }
    return false
  }
}

/** Numbers come with or without the country code; the last nine digits are equal. */
const tail = (number: string): string => number.replace(/\D/g, '').slice(-9)
