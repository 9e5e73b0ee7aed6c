/** The demo town's accounts, computed in memory independently of the fiscal database's functions. */
import {
  TaxpayerId,
  type Payment,
  type TaxAccount,
  type TaxObject,
  type YearlyDebt,
} from '../../../src/city/taxes/account.ts'
import { townOf, type Settled, type TownOptions } from '../../../tools/demo/fiscal/town.ts'

export interface TownAccount {
  readonly identifier: string
  readonly account: TaxAccount
}

/** In the town's order. The handles are the taxpayers' numbers as UUIDs. */
export function* townAccounts(options: TownOptions): Generator<TownAccount> {
  for (const household of townOf(options)) yield* accountsOf(household, options.asOf)
}

/** Masks like the fiscal database: a short identifier is hidden completely. */
const masked = (identifier: string): string =>
  identifier.length < 8 ? '******' : `${identifier.slice(0, 1)}******${identifier.slice(-4)}`

export function accountsOf(household: Settled, asOf: string): TownAccount[] {
  return household.taxpayers.map((taxpayer) => {
    const { id, identifier, kind, name, address, roleNumber, deceased } = taxpayer
    const account: TaxAccount = {
      taxpayer: TaxpayerId(`00000000-0000-4000-8000-${String(id).padStart(12, '0')}`),
      maskedIdentifier: masked(identifier),
      kind,
      name,
      address,
      roleNumber,
      deceased,
      asOf,
      objects: objectsOf(household, id),
      debts: debtsOf(household, id),
      payments: paymentsOf(household, id),
    }
    return { identifier, account }
  })
}

function objectsOf({ possessions, taxpayers }: Settled, id: number): TaxObject[] {
  const nameOf = (other: number) => taxpayers.find((one) => one.id === other)?.name ?? ''
  return possessions
    .toSorted((one, other) => one.id - other.id)
    .flatMap(({ id: object, kind, type, place, zone, acquired, usefulArea, characteristics, owners }) => {
      const mine = owners.find((one) => one.taxpayer === id)
      if (mine === undefined) return []
      const coOwners = owners
        .filter((one) => one !== mine)
        .map(({ taxpayer, share }) => ({ name: nameOf(taxpayer), share }))
        .sort((one, other) => order(one.name, other.name))
      const { share, reductions } = mine
      const thing = { kind, type, place, zone, acquired, usefulArea, characteristics }
      return [{ ...thing, id: String(object), share, coOwners, reductions }]
    })
}

function debtsOf({ debts }: Settled, id: number): YearlyDebt[] {
  return debts
    .filter((one) => one.taxpayer === id)
    .map(({ object, year, tax, bonus, instalments, lateCharges, penalties }) => {
      const paid = instalments.reduce((sum, one) => sum + one.paid, 0)
      const grown = { lateCharges, penalties }
      return {
        object: String(object),
        year,
        tax,
        bonus,
        instalments,
        paid,
        balance: tax - bonus - paid,
        ...grown,
      }
    })
    .sort((one, other) => Number(one.object) - Number(other.object) || other.year - one.year)
}

function paymentsOf({ payments }: Settled, id: number): Payment[] {
  return payments
    .filter((one) => one.taxpayer === id)
    .map(({ object, year, day, amount, charges, channel, receipt }) => ({
      object: String(object),
      year,
      day,
      amount,
      charges,
      channel,
      receipt,
    }))
    .sort(
      (one, other) =>
        order(other.day, one.day) ||
        order(one.receipt, other.receipt) ||
        Number(one.object) - Number(other.object) ||
        other.amount - one.amount,
    )
}

const order = (one: string, other: string): number => (one === other ? 0 : one < other ? -1 : 1)
