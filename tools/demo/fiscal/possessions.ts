/** Taxable possessions of the demo's people and firms. */
import type { Day } from '../../../src/city/day.ts'
import type { Bani, Reduction } from '../../../src/city/taxes/account.ts'
import type { EuroClass } from './vehicle-tax.ts'
import type { Zone } from './building-tax.ts'
import type { Random } from '../random.ts'
import type { Numbers } from './identifiers.ts'
import { cars, streets } from './names.ts'
import type { Ownership, Possession } from './rows.ts'

/** A place in the town. */
export interface Spot {
  readonly address: string
  readonly zone: Zone
  readonly inBlock: boolean
}

export class Possessions {
  readonly #chance: Random
  readonly #numbers: Numbers
  #next = 1

  constructor(chance: Random, numbers: Numbers) {
    this.#chance = chance
    this.#numbers = numbers
  }

  spot(inBlock: boolean): Spot {
    const street = this.#chance.pick(streets)
    const number = `${street.name} nr. ${this.#whole(1, 140)}`
    const flat = `, bl. ${this.#chance.pick(blocks)}${this.#whole(1, 40)}, sc. ${this.#chance.pick(stairs)}, ap. ${this.#whole(1, 44)}`
    return { address: inBlock ? number + flat : number, zone: street.zone, inBlock }
  }

  flat(spot: Spot, acquired: Day, owners: readonly Ownership[]): Possession {
    const area = this.#whole(26, 98) + this.#chance.pick([0, 0.25, 0.5, 0.75])
    const levels = this.#chance.pick([3, 5, 5, 9, 11])
    const built = this.#whole(1962, 2019)
    return this.#building('Apartament', spot, acquired, owners, {
      use: 'dwelling',
      area,
      inLargeBlock: levels > 3,
      built,
      more: [
        ['Camere', String(Math.max(1, Math.round(area / 24)))],
        ['Regim de înălțime', levels === 3 ? 'P+2' : `P+${levels - 1}`],
      ],
    })
  }

  house(spot: Spot, acquired: Day, owners: readonly Ownership[]): Possession {
    return this.#building('Casă de locuit', spot, acquired, owners, {
      use: 'dwelling',
      area: this.#whole(60, 190),
      inLargeBlock: false,
      built: this.#whole(1905, 2020),
      more: [['Camere', String(this.#whole(3, 7))]],
    })
  }

  garage(spot: Spot, acquired: Day, owners: readonly Ownership[]): Possession {
    const place = { ...spot, address: spot.address.replace(/, bl\..*/, `, garaj ${this.#whole(1, 60)}`) }
    const built = this.#whole(1970, 2015)
    const details = {
      use: 'dwelling',
      area: this.#whole(12, 22),
      inLargeBlock: false,
      built,
      more: [],
    } as const
    return this.#building('Garaj', place, acquired, owners, details)
  }

  hall(spot: Spot, acquired: Day, owners: readonly Ownership[]): Possession {
    const type = this.#chance.pick(['Spațiu comercial', 'Hală de producție', 'Birouri', 'Depozit'])
    const built = this.#whole(1955, 2022)
    const area = this.#whole(45, 900)
    return this.#building(type, spot, acquired, owners, {
      use: 'business',
      area,
      inLargeBlock: false,
      built,
      more: [],
    })
  }

  land(spot: Spot, area: number, acquired: Day, owners: readonly Ownership[]): Possession {
    const place = spot.address.replace(/, (sc|ap)\..*/, '')
    return {
      ...this.#object('land', 'Teren intravilan', place, acquired, owners),
      zone: spot.zone,
      characteristics: labelled([
        ['Suprafață', squareMetres(area)],
        ['Categorie de folosință', spot.inBlock ? 'curți-construcții, cotă-parte' : 'curți-construcții'],
      ]),
      basis: { of: 'land', area, zone: spot.zone },
    }
  }

  car(acquired: Day, owners: readonly Ownership[]): Possession {
    const [make, capacity] = this.#chance.pick(cars)
    const euro: EuroClass = this.#chance.pick(['Euro 0-3', 'Euro 4', 'Euro 5', 'Euro 5', 'Euro 6', 'Euro 6'])
    return {
      ...this.#object('vehicle', 'Autoturism', this.#numbers.plate(), acquired, owners),
      characteristics: labelled([
        ['Marcă și model', make],
        ['Capacitate cilindrică', `${capacity.toLocaleString('ro')} cm³`],
        ['Normă de poluare', euro],
      ]),
      basis: { of: 'vehicle', capacity, euro },
    }
  }

  /** A parking place, a kiosk's ground. */
  concession(spot: Spot, acquired: Day, amount: Bani, owners: readonly Ownership[]): Possession {
    const contract = `${this.#whole(100, 4_000)}/${acquired.slice(0, 4)}`
    const use = this.#chance.pick(['Parcare de reședință', 'Teren sub garaj', 'Teren sub chioșc'])
    return {
      ...this.#object(
        'concession',
        'Concesiune',
        spot.address.replace(/, (sc|ap)\..*/, ''),
        acquired,
        owners,
      ),
      characteristics: labelled([
        ['Contract', contract],
        ['Destinație', use],
      ]),
      basis: { of: 'yearly', amount },
    }
  }

  fine(day: Day, owners: readonly Ownership[]): Possession {
    const ground = this.#chance.pick([
      'Parcare neregulamentară',
      'Tulburarea liniștii publice',
      'Depozitare de deșeuri',
    ])
    return {
      ...this.#object('fine', 'Amendă', `PV seria TM nr. ${this.#whole(100_000, 999_999)}`, day, owners),
      characteristics: labelled([['Faptă', ground]]),
      basis: { of: 'once', amount: this.#chance.pick([150_00, 300_00, 500_00, 1_000_00]), due: day },
    }
  }

  permit(spot: Spot, day: Day, owners: readonly Ownership[]): Possession {
    const kind = this.#chance.pick([
      'Autorizație de construire',
      'Certificat de urbanism',
      'Aviz de racordare',
    ])
    return {
      ...this.#object('permit-fee', 'Taxă autorizație', spot.address, day, owners),
      characteristics: labelled([['Pentru', kind]]),
      basis: { of: 'once', amount: this.#whole(20, 900) * 100, due: day },
    }
  }

  sanitation(spot: Spot, acquired: Day, persons: number, owners: readonly Ownership[]): Possession {
    return {
      ...this.#object('other', 'Taxă de salubrizare', spot.address, acquired, owners),
      characteristics: labelled([['Persoane', String(persons)]]),
      basis: { of: 'yearly', amount: persons * 12 * 11_50 },
    }
  }

  #building(
    type: string,
    spot: Spot,
    acquired: Day,
    owners: readonly Ownership[],
    about: {
      readonly use: 'dwelling' | 'business'
      readonly area: number
      readonly inLargeBlock: boolean
      readonly built: number
      readonly more: readonly (readonly [string, string])[]
    },
  ): Possession {
    // Built before it was acquired.
    const built = Math.min(about.built, Number(acquired.slice(0, 4)) - 1)
    return {
      ...this.#object('building', type, spot.address, acquired, owners),
      zone: spot.zone,
      usefulArea: about.area,
      characteristics: labelled([
        ['Suprafață utilă', squareMetres(about.area)],
        ['An construcție', String(built)],
        ['Structură', 'Cadre din beton armat, cu toate instalațiile'],
        ...about.more,
      ]),
      basis: {
        of: 'building',
        use: about.use,
        area: about.area,
        zone: spot.zone,
        inLargeBlock: about.inLargeBlock,
        built,
      },
    }
  }

  #object(
    kind: Possession['kind'],
    type: string,
    place: string,
    acquired: Day,
    owners: readonly Ownership[],
  ) {
    return { id: this.#next++, kind, type, place, acquired, owners, zone: null, usefulArea: null }
  }

  #whole(from: number, to: number): number {
    return Math.floor(this.#chance.between(from, to + 1))
  }
}

const blocks = ['A', 'B', 'C', 'D', 'M', 'T'] as const
const stairs = ['A', 'B', 'C', 'D'] as const

const labelled = (pairs: readonly (readonly [string, string])[]) =>
  pairs.map(([name, value]) => ({ name, value }))

/** "55,25 m²". */
const squareMetres = (area: number): string => `${area.toFixed(area % 1 === 0 ? 0 : 2).replace('.', ',')} m²`

export const alone = (taxpayer: number, reductions: readonly Reduction[] = []): readonly Ownership[] => [
  { taxpayer, share: { numerator: 1, denominator: 1 }, reductions },
]

export const halves = (one: number, other: number): readonly Ownership[] =>
  [one, other].map((taxpayer) => ({ taxpayer, share: { numerator: 1, denominator: 2 }, reductions: [] }))
