/** What agents type, in the citizens' words or misspelt, and what the pickers must find. */
import t from 'tap'
import { categories } from '../../../src/city/requests/categories.ts'
import { findCategories } from '../../../src/ui/agent/requests/find-categories.ts'
import { fits, likeness, mistypings } from '../../../src/ui/shared/likeness.ts'

const catalogue = categories.map((category) => ({
  ...category,
  said: [...category.said],
  fields: category.fields.map((field) => ({
    ...field,
    choices: field.choices === null ? null : [...field.choices],
  })),
}))
const found = (typed: string): string[] => findCategories(catalogue, typed).map(({ category }) => category.id)

/** By category; the first is the most usual word. */
const said: Readonly<Record<string, string>> = {
  'street-lighting': 'bec, stâlp, stalp, nu arde becul pe strada mea, e întuneric beznă, felinarul, ilumniat',
  pothole: 'groapa in asfalt, gropi, grropa, crater in carosabil',
  pavement: 'trottuar, bordura',
  manhole: 'lipseste un capac, canal, gura de canal',
  'traffic-light': 'semaforul nu merge, semaofr',
  'road-sign': 'zebra, trecere de pietoni, indicator cazut',
  waste: 'gunoiul, tomberon plin, ghena, moloz, gunio',
  'street-cleaning': 'mizerie pe strada, frunze',
  snow: 'polei, gheata pe trotuar, nu s-a dat zapada',
  tree: 'creanga rupta, pom uscat, copca cazut',
  park: 'leagan rupt, banca rupta',
  'stray-dogs': 'caine, maidanezi, haita de cini',
  pests: 'tintari, sobolani, gandaci',
  'abandoned-car': 'rabla, masina parasita',
  'illegal-parking': 'parcat pe trotuar, imi blocheaza intrarea',
  noise: 'galagie, muzica tare, vecinul face zgomot',
  'public-order': 'cersetori, betivi',
  stop: 'statie, statia de tramvai',
  transport: 'autobuz, autobus, soferul de troleu, tramavi',
  'resident-parking': 'loc de parcare, parcare la bloc',
  heating: 'caldura, calorifer rece, apa calda',
  water: 'inundație, inundatie in subsol, teava sparta, apa',
  'building-works': 'constructie ilegala, vecinul construieste',
  taxes: 'impozit, amenda',
  social: 'ajutor, handicap',
  'civil-status': 'certificat, nastere',
  identity: 'bultein, buletin, flotant',
  schools: 'gradinita, scoala',
  conduct: 'functionar nepoliticos, spaga',
  'late-answer': 'nu mi s-a raspuns',
  other: 'altceva',
}

t.test('a category is found by the citizens’ words for it, also misspelt', async (t) => {
  const rows = Object.entries(said).flatMap(([id, texts]) => texts.split(', ').map((text) => ({ id, text })))
  const missed = rows.filter(({ id, text }) => !found(text).slice(0, 3).includes(id))
  const first = rows.filter(({ id, text }) => found(text)[0] === id)
  t.comment(`${rows.length - missed.length} of ${rows.length} among the first three, ${first.length} first`)
  t.strictSame(
    missed.map(({ text, id }) => `${text} → ${id}, not ${found(text).join(', ')}`),
    [],
  )
  t.ok(rows.length >= 60)
  t.ok(first.length >= 0.9 * rows.length)
})

t.test('the names of both languages find a category; a text that fits none finds nothing', async (t) => {
  for (const { id, name } of categories)
    for (const text of [name.ro, name.en]) t.equal(found(text)[0], id, `${text}: ${found(text).join(', ')}`)
  t.strictSame(found('xyzq'), [])
  t.strictSame(found('pașaport'), [])
  t.equal(found(' ').length, categories.length, 'an empty text finds all')
})

t.test('a match says by which word it was found', async (t) => {
  const by = (typed: string) => findCategories(catalogue, typed)[0]?.by
  t.equal(by('becul'), 'bec')
  t.equal(by('bultein'), 'buletin')
  t.equal(by('ilum'), null, 'its name')
})

t.test('mistypings are letters added, left out, replaced or swapped', async (t) => {
  for (const [one, other, count] of [
    ['buletin', 'buletin', 0],
    ['buletin', 'bultein', 1],
    ['buletin', 'bletin', 1],
    ['buletin', 'bulletin', 1],
    ['buletin', 'bulatin', 1],
    ['buletin', 'bultin', 1],
    ['', 'abc', 3],
  ] as const)
    t.equal(mistypings(one, other), count, other)
  t.equal(likeness('apa', 'apb', true), 0, 'a short word is not guessed')
  t.ok(likeness('bec', 'becul', false) > likeness('buletin', 'bultein', false))
  t.equal(fits('Pauză: masă', 'masa pau'), 1)
  t.equal(fits('Pauză: masă', 'masa tarzie'), 0, 'every word counts')
})
