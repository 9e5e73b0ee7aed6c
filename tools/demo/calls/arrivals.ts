/** The morning's callers: they arrive at random, wait for a limited time, talk and hang up. */
import { setTimeout as delay } from 'node:timers/promises'
import { callThrough, type Citizen } from './citizen.ts'
import type { LiveCallView } from '../../../src/http/live/wire.ts'
import type { Random } from '../random.ts'
import type { Exchange } from './exchange.ts'
import type { LiveView } from '../live-view.ts'
import { speak } from './speech.ts'
import { randomCaller, type CallerProfile } from './caller-profiles.ts'

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
/** Of the callers: they lose patience while an agent's phone rings, who then has a missed call. */
const shareOfMissed = 0.06

export class Arrivals {
  readonly tally: Tally = { called: 0, served: 0, gaveUp: 0, turnedAway: 0, failed: 0 }
  readonly #options: ArrivalsOptions
  readonly #abort = new AbortController()
  readonly #calls = new Map<Citizen, Promise<void>>()
  /** By the end of their numbers. */
  readonly #people = new Map<string, CallerProfile>()

  constructor(options: ArrivalsOptions) {
    this.#options = options
  }

  /** Number of calls in progress. */
  get calling(): number {
    return this.#calls.size
  }

  /** The last caller with this number; anybody when it is unknown. */
  personOf(number: string | null): CallerProfile {
    const known = number === null ? undefined : this.#people.get(tail(number))
    return known ?? randomCaller(this.#options.chance)
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
      if (person.number !== null) this.#people.set(tail(person.number), person)
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
    let timer: NodeJS.Timeout | undefined
    const hangUpIn = (ms: number): void => {
      clearTimeout(timer)
      timer = setTimeout(() => citizen.hangUp(), ms)
    }
    hangUpIn(person.patienceMs)
    let rang = false
    let served = false
    const off = view.onChange(() => {
      const phase = served ? null : this.#phaseOf(person)
      if (phase === 'ringing' && !rang) {
        rang = true
        if (person.number !== null && chance.happens(shareOfMissed)) hangUpIn(chance.between(200, 900))
      } else if (phase === 'talking' || phase === 'held') {
        served = true
        clearTimeout(timer)
        if (chance.happens(0.35)) hangUpIn(chance.between(10_000, 40_000))
      }
    })
    const outcome = await citizen.ended
    off()
    clearTimeout(timer)
    if (served) this.tally.served += 1
    else if (outcome.ending === 'gave up' || outcome.ending === 'hung up') this.tally.gaveUp += 1
    else if (outcome.ending === 'failed') this.tally.failed += 1
    else this.tally.turnedAway += 1
  }

  /** Withheld numbers cannot be distinguished: the first such call counts. */
  #phaseOf({ number }: CallerProfile): LiveCallView['phase'] | null {
    const wanted = number === null ? null : tail(number)
    const isTheirs = ({ direction, caller }: LiveCallView) =>
      direction === 'inbound' && (caller === null ? null : tail(caller)) === wanted
    return [...this.#options.view.calls.values()].find(isTheirs)?.phase ?? null
  }
}

/** Numbers come with or without the country code; the last nine digits are equal. */
export const tail = (number: string): string => number.replace(/\D/g, '').slice(-9)
