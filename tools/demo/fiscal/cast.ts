/** Fixed taxpayers of the demo, for tests, screenshots and people who try the demo. */
import { yearOf, type Day } from '../../../src/city/day.ts'
import type { People } from './people.ts'
import { alone, halves, type Possessions, type Spot } from './possessions.ts'
import type { Habit, Household, Taxpayer } from './rows.ts'

export interface CastMember {
  readonly role: CastRole
  /** As a caller would say it. */
  readonly name: string
  readonly address: string
  readonly identifier: string
}

export type CastRole =
  /** Flat and land shared with the spouse, two cars, a parking place; a year in arrears. */
  | 'owner'
  | 'wife'
  /** Pays everything in January. */
  | 'early'
  | 'foreigner'
  | 'deceased'
  /** Has nothing that is taxed. */
  | 'nothing'
  | 'company'
  /** A company with 400 objects. */
  | 'fleet'

interface Member extends CastMember {
  readonly spot: Spot
}

function member(
  role: CastRole,
  name: string,
  identifier: string,
  address: string,
  zone: Spot['zone'],
): Member {
  return { role, name, identifier, address, spot: { address, zone, inBlock: address.includes(', ap.') } }
}

const members = {
  owner: member(
    'owner',
    'Popescu Ion-Andrei',
    '1850315351233',
    'Str. Gheorghe Lazăr nr. 12, bl. B3, sc. A, ap. 7',
    'A',
  ),
  wife: member(
    'wife',
    'Popescu Maria-Elena',
    '2870604350013',
    'Str. Gheorghe Lazăr nr. 12, bl. B3, sc. A, ap. 7',
    'A',
  ),
  early: member(
    'early',
    'Pîrvu D’Andrea Ștefan',
    '5010224357771',
    'Calea Martirilor 1989 nr. 51, sc. B, ap. 12',
    'B',
  ),
  foreigner: member(
    'foreigner',
    'Hans-Jürgen Müller',
    '7850524350013',
    'Bd. Mihai Eminescu nr. 8, sc. A, ap. 3',
    'A',
  ),
  deceased: member('deceased', 'Moldovan Traian', '1630615123457', 'Str. Ștefan cel Mare nr. 30A', 'B'),
  nothing: member('nothing', 'Szabo Bianca', '6020710350017', 'Aleea Studenților nr. 9, ap. 3', 'B'),
  company: member('company', 'Bega Construct SRL', '18547290', 'Calea Buziașului nr. 26', 'C'),
  fleet: member('fleet', 'Timiș Trans SA', '14756536', 'Calea Torontalului nr. 94', 'C'),
} as const satisfies Record<CastRole, Member>

/** Each with the search terms: name, address, CNP or CUI. */
export const cast: Readonly<Record<CastRole, CastMember>> = members

export const castIdentifiers: readonly string[] = Object.values(members).map(({ identifier }) => identifier)

export function castOf(people: People, own: Possessions, asOf: Day): readonly Household[] {
  const { foreigner, company, fleet } = members
  return [
    family(people, own, yearOf(asOf)),
    earlyBird(people, own, yearOf(asOf)),
    people.foreigner(foreigner),
    theDead(people, own, yearOf(asOf)),
    { taxpayers: [personOf(people, members.nothing, 'punctual')], possessions: [] },
    people.firm({ ...company, habit: 'punctual' }, { halls: 2, land: 1, cars: 3 }),
    people.firm({ ...fleet, habit: 'late' }, { halls: 110, land: 40, cars: 250 }),
  ]
}

/** A couple: half of the flat each, one car each; the first also has a parking place and last year's fine. */
function family(people: People, own: Possessions, year: number): Household {
  const { spot } = members.owner
  const he = personOf(people, members.owner, 'behind')
  const she = personOf(people, members.wife, 'late')
  const both = halves(he.id, she.id)
  return {
    taxpayers: [he, she],
    possessions: [
      own.flat(spot, '2012-05-18', both),
      own.land(spot, 24, '2012-05-18', both),
      own.garage(own.spot(true), '2016-09-02', both),
      own.car('2019-03-11', alone(he.id)),
      own.car('2021-07-29', alone(she.id)),
      own.concession(spot, '2020-02-10', 480_00, alone(he.id)),
      own.sanitation(spot, '2018-01-15', 3, alone(he.id)),
      own.fine(`${year - 1}-06-03`, alone(he.id)),
    ],
  }
}

function earlyBird(people: People, own: Possessions, year: number): Household {
  const { spot } = members.early
  const who = personOf(people, members.early, 'early')
  const handicap = { ground: 'persoană cu handicap grav', percent: 100, from: `${year - 3}-01-01`, to: null }
  return {
    taxpayers: [who],
    possessions: [
      own.flat(spot, '2022-10-06', alone(who.id)),
      own.land(spot, 12, '2022-10-06', alone(who.id)),
      own.land(own.spot(false), 800, '2023-04-21', alone(who.id)),
      own.car('2020-11-30', alone(who.id, [handicap])),
    ],
  }
}

/** A person who died last year; without a succession the account keeps growing. */
function theDead(people: People, own: Possessions, year: number): Household {
  const who = { ...personOf(people, members.deceased, 'punctual'), deceased: `${year - 1}-05-14` }
  const { spot } = members.deceased
  return {
    taxpayers: [who],
    possessions: [
      own.house(spot, '1994-08-08', alone(who.id)),
      own.land(spot, 520, '1994-08-08', alone(who.id)),
      own.car('2009-10-01', alone(who.id)),
    ],
  }
}

function personOf(people: People, { name, identifier, address }: Member, habit: Habit): Taxpayer {
  return people.person(address, { name, identifier, habit })
}
