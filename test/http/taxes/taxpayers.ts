/** Taxpayers of the tests, each with their own CNP or CUI and the facts that only they know. */
import { TaxpayerId, type Payment, type TaxAccount, type TaxObject } from '../../../src/city/taxes/account.ts'
import { cnpCheckDigit } from '../../../src/city/taxes/identifier.ts'
import { factsOf, type Fact } from '../../../src/city/taxes/facts.ts'

let people = 0

/** A valid CNP that no other test of the file uses. */
export function aCnp(kind: '1' | '7' = '1'): string {
  people += 1
  const body = `${kind}85031535${String(people).padStart(3, '0')}`
  return `${body}${cnpCheckDigit(body)}`
}

const half = { numerator: 1, denominator: 2 }
const whole = { numerator: 1, denominator: 1 }

export function object(id: string, change: Partial<TaxObject>): TaxObject {
  return {
    id,
    kind: 'building',
    type: 'Apartament',
    place: 'Str. Gheorghe Lazăr nr. 12, ap. 7',
    characteristics: [],
    zone: 'A',
    acquired: '2014-05-20',
    usefulArea: null,
    share: whole,
    coOwners: [],
    reductions: [],
    ...change,
  }
}

const paid = (day: string, amount: number): Payment => ({
  object: 'flat',
  day,
  amount,
  charges: 0,
  channel: 'ghișeu',
  receipt: `R${day}`,
  year: Number(day.slice(0, 4)),
})

export const home = { name: 'Popescu Ion', address: 'Str. Gheorghe Lazăr nr. 12, ap. 7, Timișoara' }

export function anAccount(change: Partial<TaxAccount> = {}): TaxAccount {
  people += 1
  return {
    taxpayer: TaxpayerId(`tp-${people}`),
    kind: 'person',
    ...home,
    maskedIdentifier: '1******0000',
    roleNumber: '123456',
    deceased: null,
    asOf: '2026-11-24',
    objects: [
      object('flat', {
        usefulArea: 73.25,
        share: half,
        coOwners: [{ name: 'Popescu Maria-Elena', share: half }],
      }),
      object('garden', {
        kind: 'land',
        type: 'Teren intravilan',
        place: 'Calea Șagului nr. 100',
        acquired: '2009-02-01',
      }),
      object('car', { kind: 'vehicle', type: 'Autoturism', place: 'TM 12 QXZ', acquired: '2019-07-01' }),
    ],
    debts: [],
    payments: [paid('2026-03-17', 51_532), paid('2025-09-29', 24_815), paid('2024-06-03', 12_345)],
    ...change,
  }
}

/** Too few facts for questions. */
export const poor = (): TaxAccount => anAccount({ objects: [], payments: [] })

export const aCompany = (): TaxAccount =>
  anAccount({
    kind: 'company',
    name: 'SC Construct Banat SRL',
    objects: [
      object('hall', { type: 'Hală', usefulArea: 800 }),
      object('office', {
        type: 'Birouri',
        usefulArea: 120,
        place: 'Bd. Take Ionescu nr. 46',
        acquired: '2017-01-09',
      }),
      object('van1', { kind: 'vehicle', place: 'TM 01 FRM', acquired: '2020-04-04' }),
      object('van2', { kind: 'vehicle', place: 'TM 02 FRN', acquired: '2022-08-08' }),
    ],
  })

/** The taxpayer's answer to a question, in everyday words. */
export function saidBy(account: TaxAccount, question: string): string {
  const fact = factsOf(account).find(({ id }) => id === question)
  if (fact === undefined) throw new Error(`no such question: ${question}`)
  return inWords(fact)
}

function inWords(fact: Fact): string {
  switch (fact.topic) {
    case 'co-owner':
    case 'other-street':
    case 'plate-ending':
      return fact.expected[0] ?? ''
    case 'share': {
      const [share = half] = fact.expected
      return `${share.numerator}/${share.denominator}`
    }
    case 'acquisition-year':
    case 'payment-month':
    case 'count':
      return String(fact.expected[0])
    case 'useful-area': {
      const [{ from, to } = { from: 0, to: 0 }] = fact.expected
      return String(Math.round((from + to) / 2))
    }
    case 'payment-band': {
      const [{ from, to } = { from: 0, to: 0 }] = fact.expected
      return `cam ${Math.round((from + to) / 200)} de lei`
    }
  }
}

/** All spellings of the expected answers; none of them may appear in the traffic. */
export function secretsOf(account: TaxAccount): string[] {
  const names = account.objects.flatMap(({ coOwners }) =>
    coOwners.flatMap(({ name }) => name.split(/[\s-]+/)),
  )
  const places = account.objects
    .map(({ place }) => place)
    .filter((place) => !account.address.startsWith(place))
  const words = places.flatMap((place) => place.split(/[\s,.]+/)).filter((word) => /\p{L}{3}/u.test(word))
  const days = [
    ...account.payments.map(({ day }) => day),
    ...account.objects.flatMap(({ acquired }) => acquired ?? []),
  ]
  const amounts = account.payments.map(({ amount }) => String(amount))
  const areas = account.objects.flatMap(({ usefulArea }) => (usefulArea === null ? [] : [String(usefulArea)]))
  // A short number appears in any traffic by chance.
  const figures = [...amounts, ...areas].filter((text) => text.length >= 5)
  return [
    ...names.filter((name) => !account.name.includes(name)),
    ...words,
    ...days,
    ...figures,
    'expected',
    'papers',
    'numerator',
  ]
}

/** Whether the text contains it. A number counts only by itself: within a time or an id it appears by chance. */
export function reveals(text: string, secret: string): boolean {
  if (!/^[\d.]+$/.test(secret)) return text.includes(secret)
  return new RegExp(String.raw`(?<![\w.-])${secret.replace('.', String.raw`\.`)}(?![\w-])`).test(text)
}
