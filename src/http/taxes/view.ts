/** One section of an account as the wire has it, without anything of the others. */
import type { AccountPart, AccountWith, YearlyDebt } from '../../city/taxes/account.ts'
import {
  asOfSentences,
  dueSentences,
  noReductions,
  objectSentences,
  objectsSentences,
  paidSentences,
  reductionSentences,
  shareSentences,
} from '../../city/taxes/read-out.ts'
import type { Section } from '../../city/taxes/sections.ts'
import { totalsOf } from '../../city/taxes/totals.ts'
import type { Millis } from '../../core/ids.ts'
import { iso } from '../shell/iso-time.ts'
import type {
  DueSection,
  ObjectsSection,
  PaidSection,
  ReductionsSection,
  SharesSection,
  TaxSection,
} from './wire.ts'

/** One part of an account, and the end of the grant. */
interface Opened<Part extends AccountPart> {
  readonly account: AccountWith<Part>
  readonly until: Millis
}

export type ReadPart = <Part extends AccountPart>(part: Part) => Promise<Opened<Part>>

/** Reads only the part of the account that the section needs. */
export async function taxSection(section: Section, read: ReadPart): Promise<TaxSection> {
  switch (section) {
    case 'objects':
      return objectsSection(await read('objects'))
    case 'shares':
      return sharesSection(await read('objects'))
    case 'reductions':
      return reductionsSection(await read('objects'))
    case 'due':
      return dueSection(await read('debts'))
    case 'paid':
      return paidSection(await read('payments'))
  }
}

type Head = Pick<TaxSection, 'asOf' | 'until' | 'taxpayer'>

function headOf({ account, until }: Opened<never>): Head {
  const { asOf, kind, name, maskedIdentifier, roleNumber, address, deceased } = account
  return {
    asOf,
    until: iso(until),
    taxpayer: { kind, name, maskedIdentifier, roleNumber, address, deceased },
  }
}

function objectsSection(opened: Opened<'objects'>): ObjectsSection {
  const { account } = opened
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
  return {
    section: 'objects',
    ...headOf(opened),
    say: [...asOfSentences(account), ...objectsSentences(account)],
    items,
  }
}

function sharesSection(opened: Opened<'objects'>): SharesSection {
  const { account } = opened
  const items = account.objects.map((object) => ({
    object: object.id,
    share: object.share,
    coOwners: object.coOwners.map(({ name, share }) => ({ name, share })),
    say: [...shareSentences(object)],
  }))
  // One sentence per object; with hundreds of objects nothing is read out.
  const few = items.length <= sentencesMax ? items.flatMap(({ say }) => say) : []
  return { section: 'shares', ...headOf(opened), say: [...asOfSentences(account), ...few], items }
}

/** The most objects that are read out one after the other. */
const sentencesMax = 12

function reductionsSection(opened: Opened<'objects'>): ReductionsSection {
  const { account } = opened
  const items = account.objects
    .filter(({ reductions }) => reductions.length > 0)
    .map((object) => ({
      object: object.id,
      reductions: object.reductions.map(({ ground, percent, from, to }) => ({ ground, percent, from, to })),
      say: [...reductionSentences(object)],
    }))
  const said = items.length === 0 ? [noReductions] : items.slice(0, sentencesMax).flatMap(({ say }) => say)
  return { section: 'reductions', ...headOf(opened), say: [...asOfSentences(account), ...said], items }
}

function dueSection(opened: Opened<'debts'>): DueSection {
  const { account } = opened
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
  const say = [...asOfSentences(account), ...dueSentences(account)]
  return { section: 'due', ...headOf(opened), say, totals: totalsView(account, account.debts), items }
}

/** Copies the readonly lists, because the wire's types are mutable. */
function totalsView(account: AccountWith<'debts'>, debts: readonly YearlyDebt[]): DueSection['totals'] {
  const totals = totalsOf(account, debts)
  return { ...totals, arrears: [...totals.arrears] }
}

function paidSection(opened: Opened<'payments'>): PaidSection {
  const { account } = opened
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
  const say = [...asOfSentences(account), ...paidSentences(account.payments)]
  return { section: 'paid', ...headOf(opened), say, receipts: receipts.sort(newestFirst), items }
}

const newestFirst = (one: { readonly day: string }, other: { readonly day: string }): number =>
  one.day === other.day ? 0 : one.day < other.day ? 1 : -1
