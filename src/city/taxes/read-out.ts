/** The Romanian sentences that the agent reads out. They hold only what the screen shows. */
import { plain, type Sentence } from '../sentence.ts'
import type { AccountWith, ObjectKind, Payment, TaxAccount, TaxObject, YearlyDebt } from './account.ts'
import { bothWays, type Numbers } from './numbers.ts'
import { totalsOf, type Totals } from './totals.ts'

/** "Situația la 24 noiembrie 2026." */
export const asOfSentences = ({ asOf }: Pick<TaxAccount, 'asOf'>): readonly Sentence[] =>
  bothWays(({ day }) => [`Situația la ${day(asOf)}.`])

/** The kinds of taxed objects and their numbers. */
export function objectsSentences({ objects }: Pick<TaxAccount, 'objects'>): readonly Sentence[] {
  if (objects.length === 0) return [plain('Nu figurați cu niciun bun sau obiect impozabil.')]
  return bothWays(({ counted }) => {
    const parts = kindWords.flatMap(({ kind, ...noun }) => {
      const count = objects.filter((object) => object.kind === kind).length
      return count === 0 ? [] : [counted(count, noun)]
    })
    return [`Figurați cu ${listed(parts)}.`]
  })
}

export function objectSentences(object: TaxObject): readonly Sentence[] {
  const { kind, acquired } = object
  return bothWays(({ day }) => [
    `${nameOf(object)}.`,
    ...(acquired === null ? [] : [`${acquiredWords[kind]}: ${day(acquired)}.`]),
  ])
}

export function shareSentences(object: TaxObject): readonly Sentence[] {
  const { numerator, denominator } = object.share
  return bothWays(({ share }) => [
    numerator === denominator
      ? `${nameOf(object)}: ${wholeWords(object.kind)}.`
      : `${nameOf(object)}: cota dumneavoastră este ${share(numerator, denominator)}.`,
  ])
}

export function reductionSentences(object: TaxObject): readonly Sentence[] {
  return bothWays((numbers) =>
    object.reductions.map(({ ground, percent, from, to }) => {
      const until = to === null ? '' : `, până la ${numbers.day(to)}`
      return `${nameOf(object)}: reducere de ${numbers.percent(percent)}, ${ground}, de la ${numbers.day(from)}${until}.`
    }),
  )
}

export const noReductions = plain('Nu aveți reduceri sau facilități.')

/** The whole account, or one object's years. */
export function dueSentences(
  account: AccountWith<'debts'>,
  debts: readonly YearlyDebt[] = account.debts,
): readonly Sentence[] {
  if (debts.length === 0) return [plain('Nu aveți sume datorate.')]
  const totals = totalsOf(account, debts)
  return bothWays((numbers) => [
    ...figure('De plată azi', totals.payable, numbers),
    ...currentSentences(totals, numbers),
    ...(totals.arrears.length === 0
      ? []
      : [
          `Rămășițe din anii trecuți: ${numbers.amount(totals.arrearsTotal)}, din ${listed(
            totals.arrears.map(({ year }) => numbers.year(year)),
          )}.`,
        ]),
    ...figure('Majorări de întârziere', totals.lateCharges, numbers),
    ...figure('Penalități', totals.penalties, numbers),
    totals.total === 0 ? 'Nu aveți nimic de plată.' : `În total, ${numbers.amount(totals.total)}.`,
  ])
}

function currentSentences({ year, current }: Totals, numbers: Numbers): string[] {
  if (current.tax === 0) return [`Pentru anul ${numbers.year(year)} nu aveți sume datorate.`]
  return [
    `Pentru anul ${numbers.year(year)}: ${numbers.amount(current.tax)}.`,
    ...figure('Bonificație', current.bonus, numbers),
    current.paid === 0 ? 'Nu ați plătit încă nimic.' : `Plătit: ${numbers.amount(current.paid)}.`,
    ...(current.balance === 0 ? [] : [`Rest de plată pe acest an: ${numbers.amount(current.balance)}.`]),
    ...figure('Din care scadent deja', current.overdue, numbers),
    ...(current.next === null
      ? []
      : [`Următorul termen: ${numbers.day(current.next.due)}, ${numbers.amount(current.next.amount)}.`]),
  ]
}

/** The last day on which something was paid, with the number of receipts that the total is of. */
export function paidSentences(payments: readonly Payment[]): readonly Sentence[] {
  const [last] = [...payments].sort((one, other) => (one.day < other.day ? 1 : -1))
  if (last === undefined) return [plain('Nu sunt plăți înregistrate.')]
  const sameDay = payments.filter(({ day }) => day === last.day)
  const total = sum(sameDay.map(({ amount, charges }) => amount + charges))
  const withCharges = sameDay.some(({ charges }) => charges > 0) ? ', cu majorări cu tot' : ''
  const receipts = new Set(sameDay.map(({ receipt }) => receipt)).size
  const channels = [...new Set(sameDay.map(({ channel }) => channelWords(channel)))]
  return bothWays(({ day, amount, counted }) => {
    const ofReceipts = receipts === 1 ? '' : `, din ${counted(receipts, receiptNoun)}`
    return [
      `Ultima plată: ${day(last.day)}, ${listed(channels)}, ${amount(total)}${withCharges}${ofReceipts}.`,
    ]
  })
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

const figure = (name: string, amount: number, numbers: Numbers): string[] =>
  amount === 0 ? [] : [`${name}: ${numbers.amount(amount)}.`]

const nameOf = ({ type, place }: TaxObject): string => `${type}, ${place}`

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
