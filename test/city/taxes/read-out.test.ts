import t from 'tap'
import {
  asOfSentences,
  dueSentences,
  objectSentences,
  objectsSentences,
  paidSentences,
  reductionSentences,
  shareSentences,
} from '../../../src/city/taxes/read-out.ts'
import { withAmounts } from '../../../src/city/taxes/amounts-in-text.ts'
import { amountInDigits } from '../../../src/city/taxes/numbers.ts'
import type { Sentence } from '../../../src/city/sentence.ts'
import { totalsOf } from '../../../src/city/taxes/totals.ts'
import { account, car, debt, flat, payment } from './accounts.ts'

const words = (sentences: readonly Sentence[]): readonly string[] => sentences.map((one) => one.words)
const digits = (sentences: readonly Sentence[]): readonly string[] => sentences.map((one) => one.digits)

const owing = account({
  debts: [
    debt('1', 2026, {
      instalments: [
        { due: '2026-03-31', amount: 257_50, paid: 257_50 },
        { due: '2026-09-30', amount: 257_50, paid: 0 },
        { due: '2026-12-15', amount: 10_00, paid: 0 },
      ],
      lateCharges: 5_15,
    }),
    debt('2', 2026, { instalments: [{ due: '2026-03-31', amount: 48_00, paid: 48_00 }] }),
    debt('1', 2025, { lateCharges: 20_00, penalties: 3_00 }),
    debt('1', 2023, { instalments: [{ due: '2023-03-31', amount: 30_00, paid: 10_00 }] }),
    debt('1', 2022, { instalments: [{ due: '2022-03-31', amount: 30_00, paid: 30_00 }] }),
  ],
})

t.test(
  'totals give this year, the overdue part, the next term, arrears, and charges and penalties separately',
  async (t) => {
    t.strictSame(totalsOf(owing), {
      year: 2026,
      current: {
        tax: 573_00,
        bonus: 0,
        paid: 305_50,
        balance: 267_50,
        overdue: 257_50,
        next: { due: '2026-12-15', amount: 10_00 },
      },
      lateCharges: 25_15,
      penalties: 3_00,
      arrears: [
        { year: 2025, balance: 200_00 },
        { year: 2023, balance: 20_00 },
      ],
      arrearsTotal: 220_00,
      total: 515_65,
      payable: 505_65,
    })
  },
)

t.test('a term is not yet overdue on its own day', async (t) => {
  const onTheDay = account({ asOf: '2026-09-30', debts: [debt('1', 2026)] })
  t.strictSame(totalsOf(onTheDay).current.next, { due: '2026-09-30', amount: 100_00 })
  t.equal(totalsOf(onTheDay).current.overdue, 100_00, 'the March one only')
})

t.test('amounts are read out', async (t) => {
  t.strictSame(words(asOfSentences(owing)), [
    'Situația la douăzeci și patru noiembrie două mii douăzeci și șase.',
  ])
  t.strictSame(words(dueSentences(owing)), [
    'De plată azi: cinci sute cinci lei și șaizeci și cinci de bani.',
    'Pentru anul două mii douăzeci și șase: cinci sute șaptezeci și trei de lei.',
    'Plătit: trei sute cinci lei și cincizeci de bani.',
    'Rest de plată pe acest an: două sute șaizeci și șapte de lei și cincizeci de bani.',
    'Din care scadent deja: două sute cincizeci și șapte de lei și cincizeci de bani.',
    'Următorul termen: cincisprezece decembrie două mii douăzeci și șase, zece lei.',
    'Rămășițe din anii trecuți: două sute douăzeci de lei, din două mii douăzeci și cinci și două mii douăzeci și trei.',
    'Majorări de întârziere: douăzeci și cinci de lei și cincisprezece bani.',
    'Penalități: trei lei.',
    'În total, cinci sute cincisprezece lei și șaizeci și cinci de bani.',
  ])
  t.strictSame(
    words(
      dueSentences(
        owing,
        owing.debts.filter(({ object }) => object === '2'),
      ),
    ),
    [
      'Pentru anul două mii douăzeci și șase: patruzeci și opt de lei.',
      'Plătit: patruzeci și opt de lei.',
      'Nu aveți nimic de plată.',
    ],
  )
  t.strictSame(words(dueSentences(account())), ['Nu aveți sume datorate.'])
})

t.test('the same sentences have their numbers in digits first', async (t) => {
  t.strictSame(digits(asOfSentences(owing)), ['Situația la 24 noiembrie 2026.'])
  t.strictSame(digits(dueSentences(owing)), [
    'De plată azi: 505,65 lei.',
    'Pentru anul 2026: 573 de lei.',
    'Plătit: 305,50 lei.',
    'Rest de plată pe acest an: 267,50 lei.',
    'Din care scadent deja: 257,50 lei.',
    'Următorul termen: 15 decembrie 2026, 10 lei.',
    'Rămășițe din anii trecuți: 220 de lei, din 2025 și 2023.',
    'Majorări de întârziere: 25,15 lei.',
    'Penalități: 3 lei.',
    'În total, 515,65 lei.',
  ])
  t.strictSame(
    [1_234_56, 12_345_678_00, 1_00, 5, -1_000_00].map(amountInDigits),
    ['1.234,56 lei', '12.345.678 de lei', 'un leu', '0,05 lei', 'minus 1.000 de lei'],
    'thousands have points',
  )
  t.strictSame(digits(shareSentences(flat)), [
    'Apartament, Str. Gheorghe Lazăr nr. 12, ap. 7: cota dumneavoastră este 1/2.',
  ])
})

t.test('an amount in a text is found, a number of something else is not', async (t) => {
  t.strictSame(withAmounts('gratuit; sâmbăta 1200,5 lei, art. 12 din legea 1.234'), {
    digits: 'gratuit; sâmbăta 1.200,50 lei, art. 12 din legea 1.234',
    words: 'gratuit; sâmbăta o mie două sute de lei și cincizeci de bani, art. 12 din legea 1.234',
  })
  t.equal(withAmounts('12.000 de lei').words, 'douăsprezece mii de lei')
  t.equal(withAmounts('1 leu').words, 'un leu')
  for (const other of ['2026 leil', '1.2345 lei', '12345678901 lei', 'ora 8:30'])
    t.equal(withAmounts(other).words, other)
})

t.test('objects, shares, reductions and payments are read out', async (t) => {
  t.strictSame(words(objectsSentences(account())), [
    'Figurați cu o clădire, un teren și un mijloc de transport.',
  ])
  const many = Array.from({ length: 22 }, (_, at) => ({ ...car, id: String(at) }))
  t.strictSame(words(objectsSentences(account({ objects: many }))), [
    'Figurați cu douăzeci și două de mijloace de transport.',
  ])
  t.strictSame(words(objectsSentences(account({ objects: [] }))), [
    'Nu figurați cu niciun bun sau obiect impozabil.',
  ])
  t.strictSame(words(shareSentences(flat)), [
    'Apartament, Str. Gheorghe Lazăr nr. 12, ap. 7: cota dumneavoastră este jumătate.',
  ])
  t.strictSame(words(shareSentences(car)), ['Autoturism, TM 12 ABC: sunteți proprietar unic.'])
  const reduced = {
    ...car,
    reductions: [{ ground: 'persoană cu handicap grav', percent: 100, from: '2023-01-01', to: '2026-12-31' }],
  }
  t.strictSame(words(reductionSentences(reduced)), [
    'Autoturism, TM 12 ABC: reducere de o sută la sută, persoană cu handicap grav, de la întâi ianuarie două mii douăzeci și trei, până la treizeci și unu decembrie două mii douăzeci și șase.',
  ])
  t.strictSame(
    words(
      paidSentences([
        payment('2025-03-01', 'a'),
        payment('2026-03-12', 'b', { charges: 1_00 }),
        payment('2026-03-12', 'b'),
      ]),
    ),
    [
      'Ultima plată: douăsprezece martie două mii douăzeci și șase, la ghișeu, două sute unu lei, cu majorări cu tot.',
    ],
  )
  t.strictSame(
    words(
      paidSentences([
        payment('2026-03-12', 'a', { channel: 'ghiseul.ro' }),
        payment('2026-03-12', 'b', { channel: 'poștă' }),
      ]),
    ),
    [
      'Ultima plată: douăsprezece martie două mii douăzeci și șase, pe Ghișeul.ro și prin poștă, două sute de lei, din două chitanțe.',
    ],
    'the lines on the screen are receipts: their number says which of them make the total',
  )
  t.strictSame(words(paidSentences([])), ['Nu sunt plăți înregistrate.'])
})

t.test('a fine has no owner, no acquisition and no tax', async (t) => {
  const fine = {
    ...car,
    id: 'fine',
    kind: 'fine',
    type: 'Amendă rutieră',
    place: 'PV 123/2026',
    acquired: '2026-03-12',
  } as const
  t.strictSame(words(objectSentences(fine)), [
    'Amendă rutieră, PV 123/2026.',
    'Data amenzii: douăsprezece martie două mii douăzeci și șase.',
  ])
  t.strictSame(words(shareSentences(fine)), [
    'Amendă rutieră, PV 123/2026: vă privește numai pe dumneavoastră.',
  ])
  const old = account({ objects: [fine], debts: [debt('fine', 2025)] })
  t.equal(words(dueSentences(old))[1], 'Pentru anul două mii douăzeci și șase nu aveți sume datorate.')
  const unpaid = account({ objects: [fine], debts: [debt('fine', 2026)] })
  t.ok(words(dueSentences(unpaid)).includes('Nu ați plătit încă nimic.'))
})

t.test(
  'co-owners are shown to the agent and not read out: a co-owner hears only their own share',
  async (t) => {
    t.notMatch(JSON.stringify(words(shareSentences(flat))), /Maria/)
  },
)
