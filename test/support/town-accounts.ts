/** The demo town's accounts put together in memory, as another hand than the database's functions does it. */
import { TaxpayerId, type TaxAccount } from '../../src/city/taxes/account.ts'
import { maskIdentifier } from '../../src/city/taxes/identifier.ts'
import { townOf, type Settled, type TownOptions } from '../../src/stack/demo/fiscal/town.ts'

export interface TownAccount {
  readonly identifier: string
  readonly account: TaxAccount
}

/** In the order of the town. The handles are the taxpayers' numbers as UUIDs. */
export function* townAccounts(options: TownOptions): Generator<TownAccount> {
  for (const household of townOf(options)) yield* accountsOf(household, options.asOf)
}

export function accountsOf(household: Settled, asOf: string): TownAccount[] {
  const { taxpayers, possessions, debts, payments } = household
  return taxpayers.map(({ id, habit: _, identifier, ...taxpayer }) => {
    const things = [...possessions].sort((one, other) => one.id - other.id)
    const owned = things.flatMap(({ basis: _, owners, id: object, ...thing }) => {
      const mine = owners.find((one) => one.taxpayer === id)
      if (mine === undefined) return []
      const others = owners.filter((one) => one.taxpayer !== id)
      const coOwners = others
        .map(({ taxpayer: other, share }) => ({
          name: taxpayers.find((one) => one.id === other)?.name ?? '',
          share,
        }))
        .sort((one, other) => (one.name < other.name ? -1 : 1))
      return [{ ...thing, id: String(object), share: mine.share, coOwners, reductions: mine.reductions }]
    })
    const account: TaxAccount = {
      ...taxpayer,
      taxpayer: TaxpayerId(`00000000-0000-4000-8000-${String(id).padStart(12, '0')}`),
      maskedIdentifier: maskIdentifier({ kind: taxpayer.kind, value: identifier }),
      asOf,
      objects: owned,
      debts: debts
        .filter((one) => one.taxpayer === id)
        .map(({ taxpayer: _, object, ...debt }) => {
          const paid = debt.instalments.reduce((sum, one) => sum + one.paid, 0)
          return { ...debt, object: String(object), paid, balance: debt.tax - debt.bonus - paid }
        })
        .sort((one, other) => Number(one.object) - Number(other.object) || other.year - one.year),
      payments: payments
        .filter((one) => one.taxpayer === id)
        .map(({ taxpayer: _, object, ...payment }) => ({ ...payment, object: String(object) }))
        .sort(
          (one, other) =>
            order(other.day, one.day) ||
            order(one.receipt, other.receipt) ||
            Number(one.object) - Number(other.object) ||
            other.amount - one.amount,
        ),
    }
    return { identifier, account }
  })
}

const order = (one: string, other: string): number => (one === other ? 0 : one < other ? -1 : 1)
