import t from 'tap'
import { passwordProblem } from '../../../src/people/passwords/rules.ts'

const owner = { username: 'ioana.serban', name: 'Ioana Șerban' }

t.test('long passwords of one’s own words are accepted', async (t) => {
  for (const password of [
    'lampă verde pe dulap',
    'corect-cal-baterie',
    'Ioana mănâncă pere galbene',
    'mK3#vX9!qLp2',
    'ploua marunt la amiaza',
  ])
    t.equal(passwordProblem(password, owner), null, password)
})

t.test('short, well-known and personal ones are refused, each with its reason', async (t) => {
  for (const [password, problem] of [
    ['', 'too short'],
    ['mK3#vX9!qLp', 'too short'],
    ['a'.repeat(201), 'too long'],
    ['ioana.serban', 'your name'],
    ['Ioana Șerban 2026', 'your name'],
    ['ȘERBANioana1234', 'your name'],
    ['parola123456', 'too common'],
    ['Parola.Parola.1', 'too common'],
    ['P@rola? Parola!', 'too common'],
    ['qwertyuiop123', 'too common'],
    ['123456789012', 'too common'],
    ['aaaaaaaaaaaaaa', 'too common'],
    ['abcdefghijkl', 'too common'],
    ['timisoara2026', 'too common'],
    ['Linia969Linia969', 'too common'],
    ['noiembrie 2026', 'too common'],
    ['            ', 'too common'],
  ] as const)
    t.equal(passwordProblem(password, owner), problem, password)
})

t.test('letters count as people see them', async (t) => {
  t.equal(passwordProblem('șțăîâșțăîâșț', owner) === 'too short', false)
  t.equal(passwordProblem('ș'.normalize('NFD').repeat(11), owner), 'too short')
})
