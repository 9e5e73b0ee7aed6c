/** The demo's taxpayers and households. */
import type { Day } from '../../../src/city/day.ts'
import type { Reduction, Share } from '../../../src/city/taxes/account.ts'
import type { Random } from '../random.ts'
import type { Numbers, Sex } from './identifiers.ts'
import { abroad, families, firms, foreigners, men, women } from './names.ts'
import { alone, halves, type Possessions, type Spot } from './possessions.ts'
import type { Habit, Household, Ownership, Possession, Taxpayer } from './rows.ts'

/** Fixed attributes of a person; the rest is random. */
export interface Known {
  readonly name?: string
  readonly identifier?: string
  readonly habit?: Habit
  readonly deceased?: Day | null
  readonly spot?: Spot
}

export class People {
  readonly #chance: Random
  readonly #numbers: Numbers
  readonly #own: Possessions
  readonly #thisYear: number
  #next = 1

  constructor(chance: Random, numbers: Numbers, own: Possessions, thisYear: number) {
    this.#chance = chance
    this.#numbers = numbers
    this.#own = own
    this.#thisYear = thisYear
  }

  /** A random household or firm. */
  any(): Household {
    const kind = this.#chance.next()
    if (kind < 0.08) return this.firm()
    if (kind < 0.11) return this.foreigner()
    if (kind < 0.13) return this.heirs()
    if (kind < 0.145) return { taxpayers: [this.person(this.#own.spot(true).address)], possessions: [] }
    return kind < 0.55 ? this.couple() : this.single()
  }

  couple(): Household {
    const family = this.#chance.pick(families)
    const spot = this.#own.spot(this.#chance.happens(0.75))
    const habit = this.#habit()
    const people = (['man', 'woman'] as const).map((sex) =>
      this.person(spot.address, { name: `${family} ${this.#given(sex)}`, habit }, sex),
    )
    const [one, other] = people as [Taxpayer, Taxpayer]
    const owners = halves(one.id, other.id)
    const home = this.#home(spot, owners)
    const cars = this.#chance.pick([0, 1, 1, 1, 2])
    const mine = Array.from({ length: cars }, (_, at) =>
      this.#own.car(this.#bought(), alone(people[at % 2]?.id ?? one.id)),
    )
    return { taxpayers: people, possessions: [...home, ...mine, ...this.#more(spot, owners, one.id)] }
  }

  single(): Household {
    const spot = this.#own.spot(this.#chance.happens(0.85))
    const person = this.person(spot.address)
    const owners = alone(person.id, this.#reductions())
    const cars = this.#chance.happens(0.6) ? [this.#own.car(this.#bought(), alone(person.id))] : []
    return {
      taxpayers: [person],
      possessions: [...this.#home(spot, owners), ...cars, ...this.#more(spot, alone(person.id), person.id)],
    }
  }

  foreigner(known: Known = {}): Household {
    const spot = known.spot ?? this.#own.spot(true)
    const name = known.name ?? this.#chance.pick(foreigners)
    const sex: Sex = this.#chance.happens(0.5) ? 'man' : 'woman'
    const identifier = known.identifier ?? this.#numbers.cnp(sex, this.#birthYear(), true)
    const resident = this.person(spot.address, { habit: 'punctual', ...known, name, identifier }, sex)
    // Some foreigners live abroad and own a flat here.
    const away = known.spot === undefined && this.#chance.happens(0.3)
    const person = away ? { ...resident, address: this.#chance.pick(abroad) } : resident
    const owners = alone(person.id)
    return {
      taxpayers: [person],
      possessions: [...this.#home(spot, owners), this.#own.car(this.#bought(), owners)],
    }
  }

  /** A death: the spouse has half, two children a quarter each, and the deceased still an account. */
  heirs(): Household {
    const family = this.#chance.pick(families)
    const spot = this.#own.spot(this.#chance.happens(0.5))
    const died = this.#dayIn(this.#thisYear - 2)
    const gone = this.person(spot.address, { name: `${family} ${this.#given('man')}`, deceased: died })
    const widow = this.person(spot.address, { name: `${family} ${this.#given('woman')}` }, 'woman')
    const children = [0, 1].map(() =>
      this.person(this.#own.spot(true).address, { name: `${family} ${this.#given('woman')}` }, 'woman'),
    )
    const parts: readonly Share[] = [
      { numerator: 1, denominator: 2 },
      { numerator: 1, denominator: 4 },
      { numerator: 1, denominator: 4 },
    ]
    const owners = [widow, ...children].map(({ id }, at): Ownership => ({
      taxpayer: id,
      share: parts[at] ?? { numerator: 1, denominator: 4 },
      reductions: [],
    }))
    const old = this.#own.car(this.#dayIn(this.#thisYear - 9), alone(gone.id))
    return { taxpayers: [gone, widow, ...children], possessions: [...this.#home(spot, owners), old] }
  }

  firm(
    known: Known = {},
    sizes?: { readonly halls: number; readonly land: number; readonly cars: number },
  ): Household {
    const seat = known.spot ?? this.#own.spot(false)
    const name = known.name ?? `${this.#chance.pick(firms)} ${this.#whole(1, 999)} SRL`
    const firm: Taxpayer = {
      id: this.#next++,
      kind: 'company',
      identifier: known.identifier ?? this.#numbers.cui(),
      name,
      roleNumber: this.#role('J'),
      address: `${seat.address}, Timișoara`,
      deceased: null,
      habit: known.habit ?? this.#habit(),
    }
    const owners = alone(firm.id)
    const { halls, land, cars } = sizes ?? {
      halls: this.#whole(1, 3),
      land: this.#whole(1, 2),
      cars: this.#whole(1, 6),
    }
    const possessions = [
      this.#own.hall(seat, this.#bought(), owners),
      ...many(halls - 1, () => this.#own.hall(this.#own.spot(false), this.#bought(), owners)),
      ...many(land, () =>
        this.#own.land(this.#own.spot(false), this.#whole(150, 6_000), this.#bought(), owners),
      ),
      ...many(cars, () => this.#own.car(this.#bought(), owners)),
    ]
    return { taxpayers: [firm], possessions }
  }

  person(
    address: string,
    known: Known = {},
    sex: Sex = this.#chance.happens(0.5) ? 'man' : 'woman',
  ): Taxpayer {
    return {
      id: this.#next++,
      kind: 'person',
      identifier: known.identifier ?? this.#numbers.cnp(sex, this.#birthYear(), false),
      name: known.name ?? `${this.#chance.pick(families)} ${this.#given(sex)}`,
      roleNumber: this.#role('R'),
      address: `${address}, Timișoara`,
      deceased: known.deceased ?? null,
      habit: known.habit ?? this.#habit(),
    }
  }

  /** A dwelling and its land, bought together. */
  #home(spot: Spot, owners: readonly Ownership[]): Possession[] {
    const acquired = this.#bought()
    const plain = owners.map((owner) => ({ ...owner, reductions: [] }))
    const house = spot.inBlock
      ? this.#own.flat(spot, acquired, owners)
      : this.#own.house(spot, acquired, owners)
    const area = spot.inBlock ? this.#whole(6, 38) : this.#whole(250, 900)
    return this.#chance.happens(0.8) ? [house, this.#own.land(spot, area, acquired, plain)] : [house]
  }

  /** Possessions of some households. */
  #more(spot: Spot, owners: readonly Ownership[], taxpayer: number): Possession[] {
    const some = (share: number, make: () => Possession) => (this.#chance.happens(share) ? [make()] : [])
    const mine = alone(taxpayer)
    return [
      ...some(0.16, () => this.#own.garage(this.#own.spot(true), this.#bought(), owners)),
      ...some(0.14, () =>
        this.#own.land(this.#own.spot(false), this.#whole(300, 2_500), this.#bought(), owners),
      ),
      ...some(0.08, () => this.#own.flat(this.#own.spot(true), this.#bought(), owners)),
      ...some(0.3, () => this.#own.sanitation(spot, this.#bought(), this.#whole(1, 4), mine)),
      ...some(0.06, () => this.#own.concession(spot, this.#bought(), this.#whole(120, 900) * 100, mine)),
      ...some(0.06, () => this.#own.fine(this.#dayIn(this.#thisYear - this.#whole(0, 2)), mine)),
      ...some(0.04, () => this.#own.permit(spot, this.#dayIn(this.#thisYear - this.#whole(0, 3)), mine)),
    ]
  }

  #reductions(): readonly Reduction[] {
    if (!this.#chance.happens(0.06)) return []
    const ground = this.#chance.pick([
      ['persoană cu handicap grav sau accentuat', 100],
      ['veteran de război', 100],
      ['venituri mici, ajutor social', 50],
    ])
    const from = `${this.#thisYear - this.#whole(1, 8)}-01-01`
    return [{ ground: String(ground[0]), percent: Number(ground[1]), from, to: null }]
  }

  #habit(): Habit {
    return this.#chance.pick(habits)
  }

  #given(sex: Sex): string {
    const names = sex === 'man' ? men : women
    const first = this.#chance.pick(names)
    const second = this.#chance.pick(names)
    return this.#chance.happens(0.35) && first !== second ? `${first}-${second}` : first
  }

  #birthYear = (): number => this.#whole(this.#thisYear - 88, this.#thisYear - 20)
  #bought = (): Day => this.#dayIn(this.#thisYear - this.#whole(1, 32))
  #dayIn = (year: number): Day => {
    const date = new Date(Date.UTC(year, 0, this.#whole(1, 300)))
    return date.toISOString().slice(0, 10)
  }

  #role = (kind: string): string => `${kind}${String(100_000 + this.#next * 7)}`

  #whole(from: number, to: number): number {
    return Math.floor(this.#chance.between(from, to + 1))
  }
}

/** Payment habits of ten people. */
const habits = [
  'early',
  'early',
  'early',
  'early',
  'punctual',
  'punctual',
  'punctual',
  'late',
  'late',
  'behind',
] as const

const many = (count: number, make: () => Possession): Possession[] => Array.from({ length: count }, make)
