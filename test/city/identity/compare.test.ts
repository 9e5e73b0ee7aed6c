import * as fc from 'fast-check'
import t, { type Test } from 'tap'
import { allRight, isRight } from '../../../src/city/identity/compare.ts'
import { saidMonth } from '../../../src/city/identity/said-month.ts'
import { saidNumber } from '../../../src/city/identity/said-number.ts'
import { fact } from './facts.ts'

const rightOnes = (t: Test, one: ReturnType<typeof fact>, said: readonly string[]) => {
  for (const text of said) t.ok(isRight(one, text), `“${text}” is right`)
}
const wrongOnes = (t: Test, one: ReturnType<typeof fact>, said: readonly string[]) => {
  for (const text of said) t.notOk(isRight(one, text), `“${text}” is wrong`)
}

void t.test('a co-owner’s name matches in any order and with a slip', async () => {
  const owner = fact('co-owner', ['ȘTEFĂNESCU-D’ANGELO Ioana Maria'])
  rightOnes(t, owner, [
    'Ioana Stefanescu',
    'ştefănescu ioana',
    'Ștefănescu D Angelo Maria',
    'Stefanescu-D’Angelo Ioana Maria',
    'Ioana Stefanesku',
  ])
  wrongOnes(t, owner, [
    '',
    'Ioana',
    'Maria',
    'Ioana Popescu',
    'Ioana Ștefănescu Elena',
    'nu știe',
    'Ioana Ioana',
  ])
  const firm = fact('co-owner', ['S.C. CONSTRUCT BANAT S.R.L.'])
  rightOnes(t, firm, ['Construct Banat', 'SC Construct Banat SRL'])
  wrongOnes(t, firm, ['SRL', 'Construct Olt'])
  const several = fact('co-owner', ['Pop Ana', 'Pop Ion'])
  rightOnes(t, several, ['Ana Pop', 'Ion Pop'])
  wrongOnes(t, several, ['Ana Ion', 'Ana Pop, Ion Pop'])
})

void t.test(
  'a street matches with or without its type and number, but not by a first name alone',
  async () => {
    const lazar = fact('other-street', ['Gheorghe Lazăr'])
    rightOnes(t, lazar, ['Lazăr', 'strada gheorghe lazar', 'Str. Gheorghe Lazăr nr. 12', 'Lazar'])
    wrongOnes(t, lazar, ['Gheorghe', 'Lazăr Ion', 'Victor Babeș', '', '12'])
    const december = fact('other-street', ['1 Decembrie 1918'])
    rightOnes(t, december, ['1 Decembrie 1918', '1 decembrie', 'bd. 1 Decembrie'])
    wrongOnes(t, december, ['1', '1918', '16 decembrie 1989'])
    rightOnes(t, fact('other-street', ['Martirilor 1989']), ['Calea Martirilor', 'martirilor 1989'])
  },
)

void t.test('the end of a plate matches spelled out or within the whole plate', async () => {
  const plate = fact('plate-ending', ['ABC', 'XYZ'])
  rightOnes(t, plate, ['ABC', 'abc', 'a b c', 'TM 12 ABC', 'TM12XYZ', '12 abc', 'B-123-ABC'])
  wrongOnes(t, plate, ['', 'BC', 'C', 'ABCD', 'ABD', 'ABC XYZ', 'QQQ ABC', 'ABC 12'])
})

void t.test('a share matches in figures and in words', async () => {
  const half = fact('share', [{ numerator: 1, denominator: 2 }])
  rightOnes(t, half, [
    '1/2',
    '1 / 2',
    'jumătate',
    'o jumatate',
    'pe jumătate',
    '50%',
    '50 la sută',
    '0,5',
    '0.5',
    'una din două',
    'cincizeci la sută',
    'cota de 1/2',
    '2/4',
    'două sferturi',
  ])
  wrongOnes(t, half, ['', '1', '2', '1/3', 'tot', 'un sfert', '1/2 sau 1/3', '1/0', '0/2', '49%'])
  const third = fact('share', [{ numerator: 1, denominator: 3 }])
  rightOnes(t, third, ['1/3', 'o treime', '33%', '33,33 %', '0,333', 'unu din trei', 'trei noimi'])
  wrongOnes(t, third, ['34%', '3', 'două treimi', '30%'])
  rightOnes(t, fact('share', [{ numerator: 3, denominator: 4 }]), [
    'trei sferturi',
    '75%',
    '3/4',
    'trei patrimi',
  ])
})

void t.test('a year matches in figures and in words', async () => {
  const year = fact('acquisition-year', [1998, 2014])
  rightOnes(t, year, [
    '1998',
    'în 1998',
    "'98",
    '98',
    '2014',
    'anul 2014',
    'două mii paisprezece',
    '14',
    'o mie nouă sute nouăzeci și opt',
    'doua mii paispe',
  ])
  wrongOnes(t, year, ['', '1997', '1998 2014', 'acum mult timp', '8', '199', '2014 sau 1998', 'două mii'])
})

void t.test('an amount or an area matches within its tolerance', async () => {
  const paid = fact('payment-band', [{ from: 22_100, to: 27_100 }])
  rightOnes(t, paid, [
    '246',
    '246 lei',
    '246,00',
    'cam 250 de lei',
    '250 RON',
    '221',
    '271',
    'două sute cincizeci',
  ])
  wrongOnes(t, paid, ['', '220', '272', '24600', '200 250', 'între 200 și 300', '2.460', 'puțin'])
  rightOnes(t, fact('payment-band', [{ from: 120_000, to: 130_000 }]), [
    '1.250',
    '1250',
    '1 250 lei',
    '1.250,50',
  ])
  const area = fact('useful-area', [{ from: 52, to: 58 }])
  rightOnes(t, area, ['55', '55 mp', '55 m2', '55,5 m²', 'vreo 55 de metri', 'cincizeci și cinci'])
  wrongOnes(t, area, ['', '51', '5', '550', 'm2'])
  rightOnes(t, fact('count', [3]), ['3', 'trei', 'trei bucăți'])
  wrongOnes(t, fact('count', [3]), ['2', '3 sau 4', 'multe'])
})

const months = `ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie
  decembrie`.split(/\s+/)

void t.test('a month matches by name or number, and no other month does', async (t) => {
  for (const [at, name] of months.entries()) {
    for (const said of [
      name,
      name.toUpperCase(),
      `în ${name}`,
      `15 ${name} 2026`,
      `${name} 2025`,
      String(at + 1),
    ]) {
      t.equal(saidMonth(said), at + 1, said)
    }
    for (const [other, otherName] of months.entries()) {
      if (other !== at) t.equal(saidMonth(`${name} sau ${otherName}`), null, `${name} or ${otherName}`)
    }
  }
  for (const said of [
    'mart',
    'mar.',
    '15.03.2026',
    '3.2026',
    '03/2026',
    '2026-03-15',
    'luna 3',
    'luna trei',
    'March',
  ])
    t.equal(saidMonth(said), 3, said)
  t.equal(saidMonth('septembre'), 9, 'a slip')
  t.equal(saidMonth('iun'), 6)
  for (const said of ['', '13', '0', '2026', 'iu', 'primăvara', 'ma', '3 4'])
    t.equal(saidMonth(said), null, said)
  t.ok(isRight(fact('payment-month', [3]), 'martie'))
  t.notOk(isRight(fact('payment-month', [3]), 'mai'))
})

void t.test('arbitrary texts never match', async () => {
  const facts = [
    fact('co-owner', ['Popescu Maria']),
    fact('other-street', ['Gheorghe Lazăr']),
    fact('plate-ending', ['ABC']),
    fact('share', [{ numerator: 1, denominator: 3 }]),
  ]
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (said) =>
      facts.every((one) => !isRight(one, said)),
    ),
  )
})

void t.test('all three must be right, and each must be answered', async (t) => {
  const facts = [fact('plate-ending', ['ABC']), fact('acquisition-year', [2014]), fact('payment-month', [3])]
  const right = new Map([
    ['plate-ending', 'abc'],
    ['acquisition-year', '2014'],
    ['payment-month', 'martie'],
  ])
  t.ok(allRight(facts, right))
  for (const id of right.keys()) {
    t.notOk(allRight(facts, new Map([...right, [id, 'altceva']])), `${id} wrong`)
    t.notOk(allRight(facts, new Map([...right].filter(([key]) => key !== id))), `${id} not answered`)
  }
  t.notOk(allRight([], new Map()), 'nothing asked proves nothing')
})

void t.test('two numbers, or number words in the wrong order, are no number', async (t) => {
  for (const said of [
    'doi trei',
    'mie',
    'sute',
    'zece doi',
    'douăzeci și zece',
    'două sute trei sute',
    'mii două',
  ])
    t.equal(saidNumber(said), null, said)
})
