/** Unique numbers with valid check digits. */
import { cnpCheckDigit, cuiCheckDigit } from '../../../src/city/taxes/identifier.ts'
import type { Random } from '../random.ts'

export type Sex = 'man' | 'woman'

/** Hands out each number once. */
export class Numbers {
  readonly #chance: Random
  readonly #given = new Set<string>()

  constructor(chance: Random) {
    this.#chance = chance
  }

  /** Marks numbers as used. */
  reserve(identifiers: Iterable<string>): void {
    for (const one of identifiers) this.#given.add(one)
  }

  cnp(sex: Sex, birthYear: number, foreign: boolean): string {
    return this.#once(() => {
      const born = new Date(Date.UTC(birthYear, 0, this.#below(365) + 1)).toISOString()
      const first = foreign ? (sex === 'man' ? 7 : 8) : (sex === 'man' ? 1 : 2) + (birthYear < 2000 ? 0 : 4)
      // Most people of Timișoara were born in the county of Timiș, 35.
      const county = this.#chance.happens(0.7) ? 35 : 1 + this.#below(46)
      const serial = 1 + this.#below(999)
      const body = `${first}${born.slice(2, 4)}${born.slice(5, 7)}${born.slice(8, 10)}${pad(county, 2)}${pad(serial, 3)}`
      return `${body}${cnpCheckDigit(body)}`
    })
  }

  cui(): string {
    return this.#once(() => {
      const body = String(100_000 + this.#below(4_900_000))
      return `${body}${cuiCheckDigit(body)}`
    })
  }

  plate(): string {
    return this.#once(() => {
      const letters = Array.from({ length: 3 }, () => plateLetters[this.#below(plateLetters.length)]).join('')
      return `TM ${pad(1 + this.#below(99), 2)} ${letters}`
    })
  }

  #once(make: () => string): string {
    for (let made = make(); ; made = make()) {
      if (this.#given.has(made)) continue
      this.#given.add(made)
      return made
    }
  }

  #below(max: number): number {
    return Math.floor(this.#chance.between(0, max))
  }
}

/** Without I and O, which resemble digits, and Q, which is not used. */
const plateLetters = 'ABCDEFGHJKLMNPRSTUVWXYZ'

const pad = (value: number, length: number): string => String(value).padStart(length, '0')
