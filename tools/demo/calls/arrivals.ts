/** The callers of the morning: they come, wait as long as they can, talk, and put the phone down. */
import { setTimeout as delay } from 'node:timers/promises'
import { callThrough, type Citizen } from './citizen.ts'
import type { Chance } from '../random.ts'
import type { Exchange } from './exchange.ts'
import type { LiveView } from '../live-view.ts'
import { speak } from './speech.ts'
import { townsperson, type Concern, type Townsperson } from './caller-profiles.ts'

export interface TownOptions {
  readonly exchange: Exchange
  readonly line: string
  readonly view: LiveView
  readonly chance: Chance
  readonly speechFolder: string
  /** Time between two calls, on average; called anew for each. */
  meanGapMs(): number
  trouble(sentence: string): void
}

export interface Tally {
  called: number
  /** Talked with an agent. */
  served: number
  gaveUp: number
  turnedAway: number
  failed: number
}

const callersMax = 60
const firstRush = 6
const firstGapMs = 1200

export class Town {
  readonly tally: Tally = { called: 0, served: 0, gaveUp: 0, turnedAway: 0, failed: 0 }
  readonly #options: TownOptions
  readonly #abort = new AbortController()
  readonly #calls = new Map<Citizen, Promise<void>>()
  readonly #concerns = new Map<string, Concern>()

  constructor(options: TownOptions) {
    this.#options = options
  }

  /** People on the phone now. */
  get calling(): number {
    return this.#calls.size
  }

  concernOf(caller: string | null): Concern {
    const known = caller === null ? undefined : this.#concerns.get(tail(caller))
    return known ?? townsperson(this.#options.chance).concern
  }

  /** Sends callers until `stop`. */
  async live(): Promise<void> {
    const { chance } = this.#options
    const { signal } = this.#abort
    while (!signal.aborted) {
      // The first ones come in quick succession, so that there is something to see at once.
      const gapMs = this.tally.called < firstRush ? firstGapMs : this.#options.meanGapMs()
      await delay(chance.exponential(gapMs), undefined, { signal }).catch(() => undefined)
      if (!signal.aborted && this.#calls.size < callersMax) await this.#send(townsperson(chance))
    }
  }

  /** Everybody hangs up. */
  async stop(): Promise<void> {
    this.#abort.abort()
    for (const citizen of this.#calls.keys()) citizen.hangUp()
    await Promise.race([Promise.all(this.#calls.values()), delay(3000)])
  }

  async #send(person: Townsperson): Promise<void> {
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

  /** Patience counts while nobody talks with him; some put the phone down first at the end. */
  async #accompany(citizen: Citizen, person: Townsperson): Promise<void> {
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

  #talking(person: Townsperson): boolean {
    const { number } = person
    for (const call of this.#options.view.calls.values()) {
      if (call.phase !== 'talking' && call.phase !== 'held') continue
      // A withheld number cannot be told apart: any such call counts as his.
      if (number === null ? call.caller === null : call.caller !== null && tail(call.caller) === tail(number))
        return true
    }
    return false
  }
}

/** The network writes numbers with or without the country; the last nine digits are the same. */
const tail = (number: string): string => number.replace(/\D/g, '').slice(-9)
