/**
 * Facts that only the taxpayer should know, derived from the account for the identity check (docs/rules/identity.md, rule 2). They
 * must not leave the server.
 *
 * A fact is printed on papers: the yearly notice of an object, its title deed, the receipts of a day. The holder of a
 * paper knows every fact on it, so two facts are independent only while they share no paper. `papers` lists every paper
 * that shows any of the accepted answers, also papers of another object (a spouse who co-owns the flat and the garden is
 * one name on two deeds).
 *
 * A question reveals only its `subject`, and a subject holds no address, plate, year or amount, so no question answers
 * another.
 */
import { yearOf } from '../day.ts'
import type { Bani, ObjectKind, Payment, Share, TaxAccount, TaxObject } from './account.ts'
import { streetOf } from './address.ts'
import { fold } from './fold.ts'

export type FactTopic = Fact['topic']

/** "any": each object of that kind is a right answer. "latest": only the one acquired last. */
export interface ObjectSubject {
  readonly of: 'objects'
  readonly kind: ObjectKind
  readonly which: 'any' | 'latest'
}

/** The last payment of all, or the last one of an earlier year. */
export interface PaymentSubject {
  readonly of: 'payment'
  /** Null: the last one of all. */
  readonly year: number | null
}

/** Both ends are included. */
export interface Band {
  readonly from: number
  readonly to: number
}

interface Common<Topic extends string, Subject, Expected> {
  /** Stable while the account does not change: "plate-ending vehicle any". */
  readonly id: string
  readonly topic: Topic
  readonly subject: Subject
  /** Any one of these is right; never empty. */
  readonly expected: readonly Expected[]
  readonly papers: readonly string[]
}

export type Fact =
  /** A co-owner's whole name, as on file. */
  | Common<'co-owner', ObjectSubject, string>
  /** The name of the street of a building or plot that is not the fiscal domicile: "Gheorghe Lazăr". */
  | Common<'other-street', ObjectSubject, string>
  /** The letters that end a plate: "ABC" of "TM 12 ABC". */
  | Common<'plate-ending', ObjectSubject, string>
  | Common<'share', ObjectSubject, Share>
  | Common<'acquisition-year', ObjectSubject, number>
  /** Useful m² of a building, with a tolerance for rounding. */
  | Common<'useful-area', ObjectSubject, Band>
  /** 1 to 12. */
  | Common<'payment-month', PaymentSubject, number>
  /** The sum paid on that day in bani, with a tolerance for rounding. */
  | Common<'payment-band', PaymentSubject, Band>
  /** How many of a kind a company has. */
  | Common<'count', ObjectSubject, number>

/** With more objects of a kind "any" is too easy to guess; the latest one is asked about instead. */
const anyMax = 3
/** Number of years whose last payments are used. */
const paymentYears = 3

/** In a fixed order; empty for a person without objects. */
export function factsOf(account: TaxAccount): readonly Fact[] {
  const deeds = new Papers(account)
  return [
    ...propertyFacts(account, deeds),
    ...vehicleFacts(account, deeds),
    ...paymentFacts(account.payments),
    ...(account.kind === 'company' ? countFacts(account.objects) : []),
  ]
}

/** Whether one paper shows both facts. */
export function dependent(one: Fact, other: Fact): boolean {
  return one.papers.some((paper) => other.papers.includes(paper))
}

/** Facts by paper: the notice shows an object's address, plate, area and share; the deed also its owners and their dates. */
class Papers {
  readonly #objects: readonly TaxObject[]

  constructor({ objects }: TaxAccount) {
    this.#objects = objects
  }

  notices(shows: (one: TaxObject) => boolean): string[] {
    return this.#objects.filter(shows).map(({ id }) => `notice ${id}`)
  }

  deeds(shows: (one: TaxObject) => boolean): string[] {
    return this.#objects.filter(shows).map(({ id }) => `deed ${id}`)
  }

  both(shows: (one: TaxObject) => boolean): string[] {
    return [...this.notices(shows), ...this.deeds(shows)]
  }
}

interface Asked {
  readonly subject: ObjectSubject
  readonly objects: readonly TaxObject[]
}

/** Objects of a question: all of a kind while they are few, else the one acquired last. */
function askedOf(objects: readonly TaxObject[], kind: ObjectKind): Asked | null {
  const own = objects.filter((one) => one.kind === kind)
  if (own.length === 0) return null
  if (own.length <= anyMax) return { subject: { of: 'objects', kind, which: 'any' }, objects: own }
  const last = own.reduce<string>(
    (latest, { acquired }) => ((acquired ?? '') > latest ? (acquired ?? '') : latest),
    '',
  )
  const latest = own.filter(({ acquired }) => last !== '' && acquired === last)
  // Several were acquired on one day, so the question would be ambiguous.
  return latest.length === 1 ? { subject: { of: 'objects', kind, which: 'latest' }, objects: latest } : null
}

function propertyFacts(account: TaxAccount, papers: Papers): Fact[] {
  const home = fold(streetOf(account.address))
  return (['building', 'land'] as const).flatMap((kind): Fact[] => {
    const asked = askedOf(account.objects, kind)
    if (asked === null) return []
    const streets = asked.objects
      .map(({ place }) => streetOf(place))
      .filter((one) => !['', home].includes(fold(one)))
    const facts = [...ownershipFacts(asked, papers), ...shareFacts(asked, papers)]
    const here = (one: TaxObject) => streets.some((street) => fold(street) === fold(streetOf(one.place)))
    facts.push(...factOf('other-street', asked.subject, streets, papers.both(here)))
    return kind === 'building' ? [...facts, ...areaFacts(asked, papers)] : facts
  })
}

function vehicleFacts({ objects }: TaxAccount, papers: Papers): Fact[] {
  const asked = askedOf(objects, 'vehicle')
  if (asked === null) return []
  const endings = asked.objects.flatMap(({ place }) => plateEnding(place))
  const shows = (one: TaxObject) => plateEnding(one.place).some((ending) => endings.includes(ending))
  return [
    ...ownershipFacts(asked, papers),
    ...shareFacts(asked, papers),
    ...factOf('plate-ending', asked.subject, endings, papers.both(shows)),
  ]
}

function ownershipFacts({ subject, objects }: Asked, papers: Papers): Fact[] {
  const names = objects.flatMap(({ coOwners }) => coOwners.map(({ name }) => name))
  const folded = new Set(names.map(fold))
  const years = objects.flatMap(({ acquired }) => (acquired === null ? [] : [yearOf(acquired)]))
  return [
    ...factOf(
      'co-owner',
      subject,
      names,
      papers.deeds(({ coOwners }) => coOwners.some(({ name }) => folded.has(fold(name)))),
    ),
    ...factOf(
      'acquisition-year',
      subject,
      years,
      papers.deeds(({ acquired }) => acquired !== null && years.includes(yearOf(acquired))),
    ),
  ]
}

/** A whole share is not asked about, because it is too easy to guess. */
function shareFacts({ subject, objects }: Asked, papers: Papers): Fact[] {
  const shares = objects.map(({ share }) => share)
  if (shares.some(({ numerator, denominator }) => numerator === denominator)) return []
  const shows = ({ share }: TaxObject) => shares.some((one) => sameShare(one, share))
  return factOf('share', subject, shares, papers.both(shows))
}

function areaFacts({ subject, objects }: Asked, papers: Papers): Fact[] {
  const areas = objects.flatMap(({ usefulArea }) =>
    usefulArea === null ? [] : [bandAround(usefulArea, 0.05, 2)],
  )
  const shows = ({ usefulArea }: TaxObject) =>
    usefulArea !== null && areas.some(({ from, to }) => usefulArea >= from && usefulArea <= to)
  return factOf('useful-area', subject, areas, papers.notices(shows))
}

/** Month and approximate sum of the last payment of each recent year and of all; both are on that day's receipts. */
function paymentFacts(payments: readonly Payment[]): Fact[] {
  const days = [...new Set(payments.map(({ day }) => day))].sort().reverse()
  const lastOfYears = days.filter((day, at) => at === 0 || yearOf(days[at - 1] ?? '') !== yearOf(day))
  return lastOfYears.slice(0, paymentYears).flatMap((day, at): Fact[] => {
    const subject: PaymentSubject = { of: 'payment', year: at === 0 ? null : yearOf(day) }
    const ofDay = payments.filter((one) => one.day === day)
    const total: Bani = ofDay.reduce((sum, { amount, charges }) => sum + amount + charges, 0)
    const papers = [...new Set(ofDay.map(({ receipt }) => `receipt ${receipt}`))]
    return [
      ...factOf('payment-month', subject, [Number(day.slice(5, 7))], papers),
      ...factOf('payment-band', subject, [bandAround(total, 0.1, 1_000)], papers),
    ]
  })
}

/** One certificate of the tax office shows all counts. */
function countFacts(objects: readonly TaxObject[]): Fact[] {
  return (['building', 'land', 'vehicle'] as const).flatMap((kind): Fact[] => {
    const count = objects.filter((one) => one.kind === kind).length
    const subject: ObjectSubject = { of: 'objects', kind, which: 'any' }
    return count < 2 ? [] : factOf('count', subject, [count], ['certificate'])
  })
}

/** Null without expected answers. The type `Fact` ensures that topic, subject and answers match. */
function factOf<Topic extends FactTopic, Subject extends ObjectSubject | PaymentSubject, Expected>(
  topic: Topic,
  subject: Subject,
  expected: readonly Expected[],
  papers: readonly string[],
): Common<Topic, Subject, Expected>[] {
  if (expected.length === 0) return []
  return [{ id: `${topic} ${aboutOf(subject)}`, topic, subject, expected, papers }]
}

function aboutOf(subject: ObjectSubject | PaymentSubject): string {
  return subject.of === 'objects' ? `${subject.kind} ${subject.which}` : `payment ${subject.year ?? 'last'}`
}

function bandAround(value: number, part: number, atLeast: number): Band {
  const slack = Math.max(value * part, atLeast)
  return { from: Math.floor(value - slack), to: Math.ceil(value + slack) }
}

/** "TM 12 ABC" → "ABC"; for other kinds of plates (provisional, foreign) the last group. */
function plateEnding(plate: string): string[] {
  const ending = /[A-Z]{2,3}$/.exec(plate.toUpperCase().replace(/[^A-Z\d]/g, ''))
  return ending === null ? [] : [ending[0]]
}

const sameShare = (one: Share, other: Share): boolean =>
  one.numerator * other.denominator === other.numerator * one.denominator
