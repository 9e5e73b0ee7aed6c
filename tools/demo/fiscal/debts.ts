/**
 * Debts and payments by the rules of `city/taxes`, for the current year and the five before it,
 * up to the day of the account.
 */
import { addDays, isWeekend, rollForward, yearOf, type Day } from '../../../src/city/day.ts'
import type { Bani, Instalment } from '../../../src/city/taxes/account.ts'
import { buildingTax } from './building-tax.ts'
import type { Zone } from './building-tax.ts'
import { bonusOf, hasBonus, instalmentsOf, splitByShares, termsOf, type Term } from './instalments.ts'
import { contractPenalties, lateCharges } from './late-charges.ts'
import { vehicleTax } from './vehicle-tax.ts'
import type { Random } from '../random.ts'
import { PayDays, type Paying } from './pay-days.ts'
import type { Debt, Household, PaymentRow, Possession, Taxpayer } from './rows.ts'

export interface Owed {
  readonly debts: readonly Debt[]
  readonly payments: readonly PaymentRow[]
}

/** The current year and five before it (docs/rules/announcement.md: "până în urmă cu 5 ani inclusiv"). */
export const yearsBack = 5

/** One taxpayer's part of an object in a year. */
interface Part {
  readonly object: Possession
  readonly tax: Bani
}

export class Debts {
  readonly #asOf: Day
  readonly #payDays: PayDays

  constructor(chance: Random, asOf: Day) {
    this.#asOf = asOf
    this.#payDays = new PayDays(chance, asOf)
  }

  of({ taxpayers, possessions }: Household): Owed {
    const debts: Debt[] = []
    const payments: PaymentRow[] = []
    const thisYear = yearOf(this.#asOf)
    for (const taxpayer of taxpayers)
      for (let year = thisYear - yearsBack; year <= thisYear; year++) {
        const parts = possessions.flatMap((object) => partOf(object, taxpayer.id, year))
        if (parts.length === 0) continue
        const paying = this.#payDays.of(taxpayer, year)
        for (const part of parts) this.#settle(taxpayer, year, part, parts, paying, debts, payments)
      }
    return { debts, payments }
  }

  #settle(
    taxpayer: Taxpayer,
    year: number,
    { object, tax }: Part,
    parts: readonly Part[],
    paying: Paying,
    debts: Debt[],
    payments: PaymentRow[],
  ): void {
    const ofKind = parts.filter((one) => one.object.kind === object.kind)
    const totalOfKind = ofKind.reduce((sum, one) => sum + one.tax, 0)
    const bonus = paying.wholeEarly && hasBonus[object.kind] ? bonusOf(tax, year) : 0
    const terms = termsFor(object, tax - bonus, totalOfKind, year)
    const instalments = terms.map((term, at) => {
      const paid = this.#pay(
        taxpayer,
        year,
        object,
        term,
        paying.day(object.kind, term.due, at),
        paying,
        payments,
      )
      return { ...term, paid }
    })
    debts.push({
      taxpayer: taxpayer.id,
      object: object.id,
      year,
      tax,
      bonus,
      instalments,
      ...this.#grown(object, instalments),
    })
  }

  /** Payment of this term on that day. */
  #pay(
    taxpayer: Taxpayer,
    year: number,
    object: Possession,
    { due, amount }: Term,
    day: Day | null,
    paying: Paying,
    payments: PaymentRow[],
  ): Bani {
    if (day === null) return 0
    const paid = paying.half ? Math.floor(amount / 2) : amount
    const charges = bearsLateCharges(object) ? lateCharges(paid, due, day) : 0
    const { channel, receipt } = this.#payDays.receipt(taxpayer, day)
    payments.push({
      taxpayer: taxpayer.id,
      object: object.id,
      year,
      day,
      amount: paid,
      charges,
      channel,
      receipt,
    })
    return paid
  }

  /** Late charges and penalties on the unpaid rest. */
  #grown(object: Possession, instalments: readonly Instalment[]): Pick<Debt, 'lateCharges' | 'penalties'> {
    const sum = (grown: typeof lateCharges) =>
      instalments.reduce((total, { due, amount, paid }) => total + grown(amount - paid, due, this.#asOf), 0)
    return {
      lateCharges: bearsLateCharges(object) ? sum(lateCharges) : 0,
      penalties: object.kind === 'concession' ? sum(contractPenalties) : 0,
    }
  }
}

/** Fines bear no late charges; concessions bear contract penalties instead. */
const bearsLateCharges = ({ kind }: Possession): boolean => kind !== 'fine' && kind !== 'concession'

/** The owner at the end of a year owes the next year's tax (Codul fiscal, art. 461). */
function partOf(object: Possession, taxpayer: number, year: number): Part[] {
  const at = object.owners.findIndex((owner) => owner.taxpayer === taxpayer)
  const whole = at === -1 ? null : yearlyTax(object, year)
  if (whole === null) return []
  const part =
    splitByShares(
      whole,
      object.owners.map(({ share }) => share),
    )[at] ?? 0
  const reduction = (object.owners[at]?.reductions ?? []).find(
    ({ from, to }) => from <= `${year}-01-01` && (to === null || to >= `${year}-12-31`),
  )
  return [{ object, tax: part - Math.round((part * (reduction?.percent ?? 0)) / 100) }]
}

/** Tax of the whole object, in whole lei as on the notices; null: none for that year. */
function yearlyTax({ basis, acquired }: Possession, year: number): Bani | null {
  const bought = yearOf(acquired)
  switch (basis.of) {
    case 'building':
      return bought < year
        ? wholeLei(
            buildingTax({ ...basis, usefulArea: basis.area, age: year - basis.built }, year, basis.use),
          )
        : null
    case 'land':
      return bought < year ? wholeLei(landTax(basis.area, basis.zone, year)) : null
    case 'vehicle':
      return bought < year ? wholeLei(vehicleTax(basis, year)) : null
    case 'yearly':
      return bought <= year ? basis.amount : null
    case 'once':
      return bought === year ? basis.amount : null
  }
}

/** Lei for a square metre in the first year of the table, and how it grew. [D] */
const landLei: Readonly<Record<Zone, number>> = { A: 1.1, B: 0.85, C: 0.6, D: 0.35 }

const landTax = (area: number, zone: Zone, year: number): Bani =>
  Math.round(area * landLei[zone] * (1 + 0.06 * (year - 2020)) * 100)

const wholeLei = (amount: Bani): Bani => Math.round(amount / 100) * 100

function termsFor(
  { kind, basis }: Possession,
  amount: Bani,
  totalOfKind: Bani,
  year: number,
): readonly Term[] {
  if (basis.of === 'once')
    return amount === 0 ? [] : [{ due: rollForward(addDays(basis.due, 15), isWeekend), amount }]
  if (kind !== 'concession') return instalmentsOf(amount, totalOfKind, termsOf(year, isWeekend))
  const quarter = Math.floor(amount / 4)
  return ['03-31', '06-30', '09-30', '12-15'].map((day, at) => ({
    due: rollForward(`${year}-${day}`, isWeekend),
    amount: at === 0 ? amount - 3 * quarter : quarter,
  }))
}
