/**
 * A taxpayer's account, one section at a time. Amounts are whole bani (1/100 leu); days are `YYYY-MM-DD`; `say` holds
 * Romanian sentences to read out.
 */
import { Type, type Static } from 'typebox'
import { objectKinds } from '../../city/taxes/account.ts'
import { sections } from '../../city/taxes/sections.ts'
import { Described, Nullable, Sentence, Time } from '../wire.ts'

export { objectKinds, sections }

const Day = Type.String({ format: 'date' })
const Bani = Type.Integer()
const Say = Type.Array(Sentence)
const Share = Type.Object({ numerator: Type.Integer(), denominator: Type.Integer() })

export const TaxSectionParams = Type.Object({
  handle: Described(
    "The handle that the identity check's search has answered.",
    Type.String({ minLength: 1, maxLength: 100, pattern: '^[A-Za-z0-9_-]+$' }),
  ),
  section: Type.Enum([...sections]),
})

/** The taxpayer, and the day of the figures. */
const head = {
  asOf: Described('"situația la …"', Day),
  until: Described('The end of the grant to see this.', Time),
  taxpayer: Type.Object({
    kind: Type.Enum(['person', 'company']),
    name: Type.String(),
    maskedIdentifier: Described('"1******1233"', Type.String()),
    roleNumber: Type.String(),
    address: Type.String(),
    deceased: Nullable(Day),
  }),
  say: Described('About the whole account.', Say),
}

export const ObjectsSection = Type.Object({
  section: Type.Literal('objects'),
  ...head,
  items: Type.Array(
    Type.Object({
      object: Type.String(),
      kind: Type.Enum([...objectKinds]),
      type: Type.String(),
      place: Type.String(),
      zone: Nullable(Type.String()),
      acquired: Nullable(Day),
      characteristics: Type.Array(Type.Object({ name: Type.String(), value: Type.String() })),
      say: Say,
    }),
  ),
})
export type ObjectsSection = Static<typeof ObjectsSection>

export const SharesSection = Type.Object({
  section: Type.Literal('shares'),
  ...head,
  items: Type.Array(
    Type.Object({
      object: Type.String(),
      share: Share,
      coOwners: Type.Array(Type.Object({ name: Type.String(), share: Share })),
      say: Say,
    }),
  ),
})
export type SharesSection = Static<typeof SharesSection>

export const ReductionsSection = Type.Object({
  section: Type.Literal('reductions'),
  ...head,
  items: Described(
    'Only objects with reductions.',
    Type.Array(
      Type.Object({
        object: Type.String(),
        reductions: Type.Array(
          Type.Object({ ground: Type.String(), percent: Type.Number(), from: Day, to: Nullable(Day) }),
        ),
        say: Say,
      }),
    ),
  ),
})
export type ReductionsSection = Static<typeof ReductionsSection>

const Totals = Type.Object({
  year: Type.Integer(),
  current: Type.Object({
    tax: Bani,
    bonus: Bani,
    paid: Bani,
    balance: Bani,
    overdue: Bani,
    next: Nullable(Type.Object({ due: Day, amount: Bani })),
  }),
  lateCharges: Bani,
  penalties: Bani,
  arrears: Type.Array(Type.Object({ year: Type.Integer(), balance: Bani })),
  arrearsTotal: Bani,
  total: Bani,
  payable: Bani,
})

export const DueSection = Type.Object({
  section: Type.Literal('due'),
  ...head,
  totals: Totals,
  /** Only objects with a debt in these years. */
  items: Type.Array(
    Type.Object({
      object: Type.String(),
      totals: Totals,
      years: Type.Array(
        Type.Object({
          year: Type.Integer(),
          tax: Bani,
          bonus: Bani,
          instalments: Type.Array(Type.Object({ due: Day, amount: Bani, paid: Bani })),
          paid: Bani,
          balance: Bani,
          lateCharges: Bani,
          penalties: Bani,
        }),
      ),
      say: Say,
    }),
  ),
})
export type DueSection = Static<typeof DueSection>

const Payment = Type.Object({
  day: Day,
  amount: Bani,
  charges: Described('Late charges included in the payment.', Bani),
  channel: Type.String(),
  receipt: Type.String(),
  year: Type.Integer(),
})

export const PaidSection = Type.Object({
  section: Type.Literal('paid'),
  ...head,
  receipts: Described(
    'One entry per receipt, newest first.',
    Type.Array(
      Type.Object({ day: Day, receipt: Type.String(), channel: Type.String(), amount: Bani, charges: Bani }),
    ),
  ),
  items: Type.Array(Type.Object({ object: Type.String(), payments: Type.Array(Payment), say: Say })),
})
export type PaidSection = Static<typeof PaidSection>

export const TaxSection = Type.Union([
  ObjectsSection,
  SharesSection,
  ReductionsSection,
  DueSection,
  PaidSection,
])
export type TaxSection = Static<typeof TaxSection>
