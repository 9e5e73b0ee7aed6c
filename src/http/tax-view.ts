/** One section of an account as the wire has it, and nothing of the others. */
import type { TaxAccount, YearlyDebt } from '../city/taxes/account.ts'
import {
  asOfSentence,
  dueSentences,
  noReductions,
  objectSentences,
  objectsSentences,
  paidSentences,
  reductionSentences,
  shareSentences,
} from '../city/taxes/read-out.ts'
import type { Section } from '../city/taxes/sections.ts'
import { totalsOf } from '../city/taxes/totals.ts'
import type { Millis } from '../core/ids.ts'
import { iso } from './present.ts'
import type {
  DueSection,
  ObjectsSection,
  PaidSection,
  ReductionsSection,
  SharesSection,
  TaxSection,
} from './wire-taxes.ts'

/** `until`: when the grant ends. */
export function taxSection(account: TaxAccount, section: Section, until: Millis): TaxSection {
  const head = headOf(account, until)
  switch (section) {
    case 'objects':
      return objectsSection(account, head)
    case 'shares':
      return sharesSection(account, head)
    case 'reductions':
      return reductionsSection(account, head)
    case 'due':
      return dueSection(account, head)
    case 'paid':
      return paidSection(account, head)
  }
}

type Head = Pick<TaxSection, 'asOf' | 'until' | 'taxpayer'>

function headOf(account: TaxAccount, until: Millis): Head {
  const { asOf, kind, name, maskedIdentifier, roleNumber, address, deceased } = account
  return {
    asOf,
    until: iso(until),
    taxpayer: { kind, name, maskedIdentifier, roleNumber, address, deceased },
  }
}

function objectsSection(account: TaxAccount, head: Head): ObjectsSection {
  const items = account.objects.map((object) => {
    const { id, kind, type, place, zone, acquired, characteristics } = object
    const plain = characteristics.map(({ name, value }) => ({ name, value }))
    return {
      object: id,
      kind,
      type,
      place,
      zone,
      acquired,
      characteristics: plain,
      say: [...objectSentences(object)],
    }
  })
  return { section: 'objects', ...head, say: [asOfSentence(account), ...objectsSentences(account)], items }
}

function sharesSection(account: TaxAccount, head: Head): SharesSection {
  const items = account.objects.map((object) => ({
    object: object.id,
    share: object.share,
    coOwners: object.coOwners.map(({ name, share }) => ({ name, share })),
    say: [...shareSentences(object)],
  }))
  // Object by object: of hundreds nobody hears them all.
  const few = items.length <= sentencesMax ? items.flatMap(({ say }) => say) : []
  return { section: 'shares', ...head, say: [asOfSentence(account), ...few], items }
}

/** What can be read out one after the other. */
const sentencesMax = 12

function reductionsSection(account: TaxAccount, head: Head): ReductionsSection {
  const items = account.objects
    .filter(({ reductions }) => reductions.length > 0)
    .map((object) => ({
      object: object.id,
      reductions: object.reductions.map(({ ground, percent, from, to }) => ({ ground, percent, from, to })),
      say: [...reductionSentences(object)],
    }))
  const said = items.length === 0 ? [noReductions] : items.slice(0, sentencesMax).flatMap(({ say }) => say)
  return { section: 'reductions', ...head, say: [asOfSentence(account), ...said], items }
}

function dueSection(account: TaxAccount, head: Head): DueSection {
  const byObject = Map.groupBy(account.debts, ({ object }) => object)
  const items = [...byObject].map(([object, debts]) => ({
    object,
    totals: totalsView(account, debts),
    years: debts

      .map(({ year, tax, bonus, instalments, paid, balance, lateCharges, penalties }) => {
        const terms = instalments.map(({ due, amount, paid }) => ({ due, amount, paid }))
        return { year, tax, bonus, instalments: terms, paid, balance, lateCharges, penalties }
      })
      .sort((one, other) => other.year - one.year),
    say: [...dueSentences(account, debts)],
  }))
  const say = [asOfSentence(account), ...dueSentences(account)]
  return { section: 'due', ...head, say, totals: totalsView(account, account.debts), items }
}

/** The wire's types are writable. */
function totalsView(account: TaxAccount, debts: readonly YearlyDebt[]): DueSection['totals'] {
  const totals = totalsOf(account, debts)
  return { ...totals, arrears: [...totals.arrears] }
}

function paidSection(account: TaxAccount, head: Head): PaidSection {
  const byObject = Map.groupBy(account.payments, ({ object }) => object)
  const items = [...byObject].map(([object, payments]) => ({
    object,
    payments: payments
      .map(({ day, amount, charges, channel, receipt, year }) => ({
        day,
        amount,
        charges,
        channel,
        receipt,
        year,
      }))
      .sort(newestFirst),
    say: [...paidSentences(payments)],
  }))
  const receipts = [...Map.groupBy(account.payments, ({ receipt }) => receipt)].map(
    ([receipt, payments]) => ({
      receipt,
      day: payments[0]?.day ?? '',
      channel: payments[0]?.channel ?? '',
      amount: payments.reduce((sum, { amount }) => sum + amount, 0),
      charges: payments.reduce((sum, { charges }) => sum + charges, 0),
    }),
  )
  const say = [asOfSentence(account), ...paidSentences(account.payments)]
  return { section: 'paid', ...head, say, receipts: receipts.sort(newestFirst), items }
}

const newestFirst = (one: { readonly day: string }, other: { readonly day: string }): number =>
  one.day === other.day ? 0 : one.day < other.day ? 1 : -1
