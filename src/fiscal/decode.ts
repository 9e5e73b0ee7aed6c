/** The result of `fiscal.account_of`. Any other shape is rejected: a wrong figure is worse than none. */
import { Type, type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import {
  objectKinds,
  TaxpayerId,
  type Bani,
  type TaxAccount,
  type YearlyDebt,
} from '../city/taxes/account.ts'

const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })
const MaybeDay = Type.Union([Day, Type.Null()])
/** 100 million lei: a larger amount is a mistake in the unit. */
const Bani = Type.Integer({ minimum: 0, maximum: 10_000_000_000 })
const Year = Type.Integer({ minimum: 1900, maximum: 2200 })
const Share = Type.Object({
  numerator: Type.Integer({ minimum: 1 }),
  denominator: Type.Integer({ minimum: 1 }),
})

const AnswerShape = Type.Object({
  taxpayer: Type.String({ minLength: 1 }),
  kind: Type.Enum(['person', 'company']),
  name: Type.String(),
  maskedIdentifier: Type.String({ maxLength: 11 }),
  roleNumber: Type.String(),
  address: Type.String(),
  deceased: MaybeDay,
  asOf: Day,
  objects: Type.Array(
    Type.Object({
      id: Type.String({ minLength: 1 }),
      kind: Type.Enum([...objectKinds]),
      type: Type.String(),
      place: Type.String(),
      zone: Type.Union([Type.String(), Type.Null()]),
      acquired: MaybeDay,
      usefulArea: Type.Union([Type.Number({ minimum: 0 }), Type.Null()]),
      characteristics: Type.Array(Type.Object({ name: Type.String(), value: Type.String() })),
      share: Share,
      coOwners: Type.Array(Type.Object({ name: Type.String(), share: Share })),
      reductions: Type.Array(
        Type.Object({
          ground: Type.String(),
          percent: Type.Number({ minimum: 0, maximum: 100 }),
          from: Day,
          to: MaybeDay,
        }),
      ),
    }),
  ),
  debts: Type.Array(
    Type.Object({
      object: Type.String(),
      year: Year,
      tax: Bani,
      bonus: Bani,
      instalments: Type.Array(Type.Object({ due: Day, amount: Bani, paid: Bani })),
      lateCharges: Bani,
      penalties: Bani,
    }),
  ),
  payments: Type.Array(
    Type.Object({
      object: Type.String(),
      year: Year,
      day: Day,
      amount: Bani,
      charges: Bani,
      channel: Type.String(),
      receipt: Type.String(),
    }),
  ),
})
type AnswerShape = Static<typeof AnswerShape>

const answer = Compile(AnswerShape)

/** The answer does not have the agreed shape. */
export class Misunderstood extends Error {
  override name = 'Misunderstood'
}

/** Parts that were not requested are empty. @throws {Misunderstood}; its message contains no value. */
export function decodeAccount(found: unknown): TaxAccount {
  if (!answer.Check(found)) throw new Misunderstood('the fiscal database’s answer has another shape')
  return { ...found, taxpayer: TaxpayerId(found.taxpayer), debts: found.debts.map(withSums) }
}

/** Paid and owed are computed from the instalments, so that they cannot contradict each other. */
function withSums(debt: AnswerShape['debts'][number]): YearlyDebt {
  const paid = debt.instalments.reduce<Bani>((sum, one) => sum + one.paid, 0)
  return { ...debt, paid, balance: debt.tax - debt.bonus - paid }
}
