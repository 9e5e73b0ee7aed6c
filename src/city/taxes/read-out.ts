/**
 * The Romanian sentences that the agent reads out, with every number in words. They hold only what the screen shows.
 */
import type { AccountWith, ObjectKind, Payment, TaxAccount, TaxObject, YearlyDebt } from './account.ts'
import { totalsOf, type Totals } from './totals.ts'
import {
  amountInWords,
  counted,
  dayInWords,
  numberInWords,
  shareInWords,
  yearInWords,
} from './number-words.ts'

/** "Situația la douăzeci și patru noiembrie două mii douăzeci și șase." */
export const asOfSentence = ({ asOf }: Pick<TaxAccount, 'asOf'>): string => `Situația la ${dayInWords(asOf)}.`

/** The kinds of taxed objects and their numbers. */
export function objectsSentences({ objects }: Pick<TaxAccount, 'objects'>): readonly string[] {
  if (objects.length === 0) return ['Nu figurați cu niciun bun sau obiect impozabil.']
  const parts = kindWords.flatMap(({ kind, ...noun }) => {
    const count = objects.filter((object) => object.kind === kind).length
    return count === 0 ? [] : [counted(count, noun)]
  })
  return [`Figurați cu ${listed(parts)}.`]
}

export function objectSentences(object: TaxObject): readonly string[] {
  const acquired =
    object.acquired === null ? [] : [`${acquiredWords[object.kind]}: ${dayInWords(object.acquired)}.`]
  return [`${nameOf(object)}.`, ...acquired]
}

export function shareSentences(object: TaxObject): readonly string[] {
  const { numerator, denominator } = object.share
  const own =
    numerator === denominator
      ? `${nameOf(object)}: ${wholeWords(object.kind)}.`
      : `${nameOf(object)}: cota dumneavoastră este ${shareInWords(numerator, denominator)}.`
  return [own]
}

export function reductionSentences(object: TaxObject): readonly string[] {
  return object.reductions.map(({ ground, percent, from, to }) => {
    const until = to === null ? '' : `, până la ${dayInWords(to)}`
    return `${nameOf(object)}: reducere de ${percentInWords(percent)}, ${ground}, de la ${dayInWords(from)}${until}.`
  })
}

export const noReductions = 'Nu aveți reduceri sau facilități.'

/** The whole account, or one object's years. */
export function dueSentences(
  account: AccountWith<'debts'>,
  debts: readonly YearlyDebt[] = account.debts,
): readonly string[] {
  const totals = totalsOf(account, debts)
  if (debts.length === 0) return ['Nu aveți sume datorate.']
  return [
    ...figure('De plată azi', totals.payable),
    ...currentSentences(totals),
    ...(totals.arrears.length === 0
      ? []
      : [
          `Rămășițe din anii trecuți: ${amountInWords(totals.arrearsTotal)}, din ${listed(
            totals.arrears.map(({ year }) => yearInWords(year)),
          )}.`,
        ]),
    ...figure('Majorări de întârziere', totals.lateCharges),
    ...figure('Penalități', totals.penalties),
    totals.total === 0 ? 'Nu aveți nimic de plată.' : `În total, ${amountInWords(totals.total)}.`,
  ]
}

function currentSentences({ year, current }: Totals): string[] {
  if (current.tax === 0) return [`Pentru anul ${yearInWords(year)} nu aveți sume datorate.`]
  return [
    `Pentru anul ${yearInWords(year)}: ${amountInWords(current.tax)}.`,
    ...figure('Bonificație', current.bonus),
    current.paid === 0 ? 'Nu ați plătit încă nimic.' : `Plătit: ${amountInWords(current.paid)}.`,
    ...(current.balance === 0 ? [] : [`Rest de plată pe acest an: ${amountInWords(current.balance)}.`]),
    ...figure('Din care scadent deja', current.overdue),
    ...(current.next === null
      ? []
      : [`Următorul termen: ${dayInWords(current.next.due)}, ${amountInWords(current.next.amount)}.`]),
  ]
}

/** The last day on which something was paid, with the number of receipts that the total is of. */
export function paidSentences(payments: readonly Payment[]): readonly string[] {
  const [last] = [...payments].sort((one, other) => (one.day < other.day ? 1 : -1))
  if (last === undefined) return ['Nu sunt plăți înregistrate.']
  const sameDay = payments.filter(({ day }) => day === last.day)
  const total = sum(sameDay.map(({ amount, charges }) => amount + charges))
  const withCharges = sameDay.some(({ charges }) => charges > 0) ? ', cu majorări cu tot' : ''
  const receipts = new Set(sameDay.map(({ receipt }) => receipt)).size
  const ofReceipts = receipts === 1 ? '' : `, din ${counted(receipts, receiptNoun)}`
  const channels = [...new Set(sameDay.map(({ channel }) => channelWords(channel)))]
  return [
    `Ultima plată: ${dayInWords(last.day)}, ${listed(channels)}, ${amountInWords(total)}${withCharges}${ofReceipts}.`,
  ]
}

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0)

/** How the day that an object is held from is called. */
const acquiredWords: Readonly<Record<ObjectKind, string>> = {
  building: 'Data dobândirii',
  land: 'Data dobândirii',
  vehicle: 'Data dobândirii',
  concession: 'Data contractului',
  fine: 'Data amenzii',
  'permit-fee': 'Data autorizației',
  other: 'Din data de',
}

/** Only what can be owned has an owner. */
const wholeWords = (kind: ObjectKind): string =>
  kind === 'building' || kind === 'land' || kind === 'vehicle'
    ? 'sunteți proprietar unic'
    : 'vă privește numai pe dumneavoastră'

/** The database's own word for an unknown channel. */
function channelWords(channel: string): string {
  if (channel === 'ghișeu') return 'la ghișeu'
  return channel === 'ghiseul.ro' ? 'pe Ghișeul.ro' : `prin ${channel}`
}

const figure = (name: string, amount: number): string[] =>
  amount === 0 ? [] : [`${name}: ${amountInWords(amount)}.`]

const nameOf = ({ type, place }: TaxObject): string => `${type}, ${place}`

/** Most percentages are whole numbers. */
const percentInWords = (percent: number): string =>
  Number.isInteger(percent)
    ? `${numberInWords(percent)} la sută`
    : `${String(percent).replace('.', ',')} la sută`

const kindWords: readonly {
  readonly kind: ObjectKind
  readonly gender: 'masculine' | 'feminine' | 'neuter'
  readonly one: string
  readonly many: string
}[] = [
  { kind: 'building', gender: 'feminine', one: 'o clădire', many: 'clădiri' },
  { kind: 'land', gender: 'neuter', one: 'un teren', many: 'terenuri' },
  { kind: 'vehicle', gender: 'neuter', one: 'un mijloc de transport', many: 'mijloace de transport' },
  { kind: 'concession', gender: 'feminine', one: 'o concesiune', many: 'concesiuni' },
  { kind: 'fine', gender: 'feminine', one: 'o amendă', many: 'amenzi' },
  { kind: 'permit-fee', gender: 'feminine', one: 'o taxă de autorizare', many: 'taxe de autorizare' },
  { kind: 'other', gender: 'feminine', one: 'o altă taxă', many: 'alte taxe' },
]

const receiptNoun = { gender: 'feminine', one: 'o chitanță', many: 'chitanțe' } as const

/** "a, b și c". */
const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} și ${parts.at(-1) ?? ''}`
