/** Totals of an account or of one object, for reading out. The taxpayer's own share only. */
import { yearOf, type Day } from '../day.ts'
import type { AccountWith, Bani, YearlyDebt } from './account.ts'

export interface Totals {
  /** The year of the account's day. */
  readonly year: number
  readonly current: {
    readonly tax: Bani
    readonly bonus: Bani
    readonly paid: Bani
    readonly balance: Bani
    /** The part of the balance that is already due. */
    readonly overdue: Bani
    /** The next term with the amount still to pay by then; null: none. */
    readonly next: { readonly due: Day; readonly amount: Bani } | null
  }
  /** Majorări de întârziere, of all years. */
  readonly lateCharges: Bani
  /** Penalități, of all years: a separate figure. */
  readonly penalties: Bani
  /** Rămășițe: unpaid earlier years, newest first. */
  readonly arrears: readonly { readonly year: number; readonly balance: Bani }[]
  readonly arrearsTotal: Bani
  /** The whole debt: this year's balance, arrears, late charges and penalties. */
  readonly total: Bani
  /** The amount to pay today so that nothing is overdue. */
  readonly payable: Bani
}

export function totalsOf(
  account: AccountWith<'debts'>,
  debts: readonly YearlyDebt[] = account.debts,
): Totals {
  const year = yearOf(account.asOf)
  const current = debts.filter((one) => one.year === year)
  const terms = current
    .flatMap(({ instalments }) => instalments)
    .map((one) => ({ ...one, left: one.amount - one.paid }))
  const overdue = sum(terms.filter(({ due }) => due < account.asOf).map(({ left }) => left))
  const arrears = arrearsOf(debts.filter((one) => one.year < year))
  const arrearsTotal = sum(arrears.map(({ balance }) => balance))
  const lateCharges = sum(debts.map((one) => one.lateCharges))
  const penalties = sum(debts.map((one) => one.penalties))
  const balance = sum(current.map((one) => one.balance))
  return {
    year,
    current: {
      tax: sum(current.map(({ tax }) => tax)),
      bonus: sum(current.map(({ bonus }) => bonus)),
      paid: sum(current.map(({ paid }) => paid)),
      balance,
      overdue,
      next: nextTerm(terms, account.asOf),
    },
    lateCharges,
    penalties,
    arrears,
    arrearsTotal,
    total: balance + arrearsTotal + lateCharges + penalties,
    payable: overdue + arrearsTotal + lateCharges + penalties,
  }
}

function arrearsOf(earlier: readonly YearlyDebt[]): { year: number; balance: Bani }[] {
  const years = [...new Set(earlier.map(({ year }) => year))].sort((one, other) => other - one)
  return years
    .map((year) => ({
      year,
      balance: sum(earlier.filter((one) => one.year === year).map(({ balance }) => balance)),
    }))
    .filter(({ balance }) => balance > 0)
}

/** A term on the day of the account itself is still to come. */
function nextTerm(
  terms: readonly { readonly due: Day; readonly left: Bani }[],
  asOf: Day,
): { due: Day; amount: Bani } | null {
  const open = terms.filter(({ due, left }) => due >= asOf && left > 0)
  const [first] = open.map(({ due }) => due).sort()
  if (first === undefined) return null
  return { due: first, amount: sum(open.filter(({ due }) => due === first).map(({ left }) => left)) }
}

const sum = (amounts: readonly Bani[]): Bani => amounts.reduce((total, one) => total + one, 0)
