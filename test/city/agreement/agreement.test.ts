import { array, assert, nat, property, stringMatching } from 'fast-check'
import t from 'tap'
import { isOwnName } from '../../../src/city/agreement/name.ts'
import { agreementFor, digestOf, marks, textFault } from '../../../src/city/agreement/text.ts'

const text = `Eu, ${marks.name}, de la ${marks.employer}, mă oblig. ${marks.name}`

t.test('the shown text has the person’s name and employer in every placeholder', async (t) => {
  t.equal(
    agreementFor(text, { name: 'Ana Pop', employer: 'Glas SRL' }),
    'Eu, Ana Pop, de la Glas SRL, mă oblig. Ana Pop',
  )
})

t.test('a name is inserted literally, whatever characters it holds', async (t) => {
  t.equal(
    agreementFor(text, { name: `$& ${marks.employer}`, employer: '$1' }),
    `Eu, $& ${marks.employer}, de la $1, mă oblig. $& ${marks.employer}`,
  )
})

t.test('a text must name both the person and the employer', async (t) => {
  t.equal(textFault(text), null)
  t.equal(textFault(`Eu, ${marks.name}`), 'without employer')
  t.equal(textFault(`Noi, ${marks.employer}`), 'without name')
  t.equal(textFault(`${text} {numele}`), 'unknown placeholder', 'it would be signed as it is')
})

t.test('the text shown to another person has another digest', async (t) => {
  const shown = (name: string, employer: string) =>
    digestOf(agreementFor(text, { name, employer })).toString('hex')
  t.equal(shown('Ana Pop', 'Glas SRL'), shown('Ana Pop', 'Glas SRL'))
  t.not(shown('Ana Pop', 'Glas SRL'), shown('Ana Popa', 'Glas SRL'))
  t.not(shown('Ana Pop', 'Glas SRL'), shown('Ana Pop', 'Alt Glas SRL'))
  t.equal(digestOf('abc').toString('hex'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})

t.test('a signature is the account’s own name, in any usual spelling', async (t) => {
  for (const typed of ['Ștefania Țăranu', 'stefania taranu', 'ȚĂRANU Ștefania', '  Stefania   Taranu. '])
    t.equal(isOwnName(typed, 'Ștefania Țăranu'), true, typed)
  // Old keyboards type a cedilla.
  t.equal(isOwnName('Ştefania Ţăranu', 'Ștefania Țăranu'), true)
  t.equal(isOwnName('Ana Maria Pop Ionescu', 'Pop-Ionescu Ana-Maria'), true)
  for (const typed of ['', ' ', 'Ștefania', 'Ștefania Țăran', 'Ștefania Țăranu Pop', 'da', '.'])
    t.equal(isOwnName(typed, 'Ștefania Țăranu'), false, typed)
  t.equal(isOwnName('', ''), false, 'nothing is nobody’s name')
})

t.test('the words of a name match in any order, and none may be missing', async () => {
  const word = stringMatching(/^[a-zăâîșț]{1,12}$/)
  assert(
    property(array(word, { minLength: 1, maxLength: 4 }), nat(), (words, turn) => {
      const turned = words.map((_, index) => words[(index + turn) % words.length] ?? '')
      const name = words.join(' ')
      return (
        isOwnName(turned.join('-').toUpperCase(), name) &&
        !isOwnName(words.slice(1).join(' '), name) &&
        !isOwnName([...words, 'x'].join(' '), name)
      )
    }),
  )
})
