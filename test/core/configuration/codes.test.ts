import t from 'tap'
import { changesOf } from '../../../src/core/configuration/changes.ts'
import { faultsOf } from '../../../src/core/configuration/check.ts'
import {
  codePath,
  codePathEn,
  codesInOrder,
  codesTo,
  codesUnder,
  queuesOfCode,
} from '../../../src/core/configuration/codes.ts'
import { firstConfiguration } from '../../../src/core/configuration/line.ts'
import type { WrapUpCodeSetting } from '../../../src/core/configuration/schema.ts'

const cars: WrapUpCodeSetting = { id: 'auto', name: 'Mașini', under: 'taxe', queues: ['general', 'taxe'] }
const taxes: WrapUpCodeSetting = { id: 'taxe', name: 'Taxe', nameEn: 'Taxes', queues: ['taxe', 'acte'] }
const papers: WrapUpCodeSetting = { id: 'acte', name: 'Acte' }
const trucks: WrapUpCodeSetting = { id: 'camioane', name: 'Camioane', under: 'auto' }
const codes = [cars, taxes, papers, trucks]

const [general] = firstConfiguration.queues
if (general === undefined) throw new Error('there is a queue')
const queues = [general, { ...general, id: 'taxe', name: 'Taxe' }, { ...general, id: 'acte', name: 'Acte' }]
const faults = (...of: WrapUpCodeSetting[]) =>
  faultsOf({ ...firstConfiguration, queues, codes: of }).map(
    ({ at, code, value }) => `${at}: ${code} ${value}`,
  )

void t.test('a code is read with those that it is under, in either language', (t) => {
  t.equal(codePath(codes, 'camioane'), 'Taxe › Mașini › Camioane')
  t.equal(codePathEn(codes, 'camioane'), 'Taxes › Mașini › Camioane')
  t.equal(codePath(codes, 'acte'), 'Acte')
  t.equal(codePath(codes, 'gone'), '')
  t.end()
})

void t.test('it may be chosen where each code on its path may', (t) => {
  t.same(queuesOfCode(codes, 'camioane'), ['taxe'])
  t.same(queuesOfCode(codes, 'taxe'), ['taxe', 'acte'])
  t.equal(queuesOfCode(codes, 'acte'), null)
  t.end()
})

void t.test('a code has those below it, on every level; one that is gone has itself', (t) => {
  t.same(codesUnder(codes, 'taxe'), ['taxe', 'auto', 'camioane'])
  t.same(codesUnder(codes, 'camioane'), ['camioane'])
  t.same(codesUnder(codes, 'gone'), ['gone'])
  t.end()
})

void t.test('the order is that of the tree, and no code is left out', (t) => {
  const inOrder = (of: readonly WrapUpCodeSetting[]) => codesInOrder(of).map(({ id }) => id)
  t.same(inOrder(codes), ['taxe', 'auto', 'camioane', 'acte'])
  t.same(inOrder([{ ...papers, under: 'gone' }, { ...cars, under: 'camioane' }, trucks]), [
    'acte',
    'auto',
    'camioane',
  ])
  const twice = [taxes, { ...cars, under: 'taxe' }, { ...papers, id: 'taxe', under: 'auto' }]
  t.same(codesInOrder(twice), twice, 'of two with one id, each once')
  t.end()
})

void t.test('a tree without a fault, and a document without codes', (t) => {
  t.same(faults(...codes), [])
  t.same(faultsOf(firstConfiguration), [])
  t.end()
})

void t.test('ids, names and references', (t) => {
  t.same(
    faults(
      ...codes,
      { id: 'Mașini', name: ' ', under: 'gone' },
      { id: 'acte', name: 'Altele', queues: ['taxe', 'gone'] },
    ),
    [
      'codes[4].id: id not usable Mașini',
      'codes[4].name: name empty  ',
      'codes[4].under: code unknown gone',
      'codes[5].queues[1]: queue unknown gone',
      'codes[5].id: id twice acte',
    ],
  )
  t.end()
})

void t.test('two codes of one name are told apart by the one that they are under', (t) => {
  const named = (id: string, under?: string): WrapUpCodeSetting => ({
    id,
    name: 'MAȘINI ',
    ...(under === undefined ? {} : { under }),
  })
  t.same(faults(...codes, named('m'), named('n', 'acte')), [])
  t.same(faults(...codes, named('m', 'taxe')), ['codes[4].name: name twice MAȘINI '])
  t.same(faults(...codes, { ...named('m'), name: '' }, { ...named('n'), name: '' }), [
    'codes[4].name: name empty ',
    'codes[5].name: name empty ',
  ])
  t.end()
})

void t.test('at most three levels, and none below itself', (t) => {
  t.same(faults(...codes, { id: 'tir', name: 'TIR', under: 'camioane' }), [
    'codes[4].under: codes too deep camioane',
  ])
  t.same(codesTo([{ ...cars, under: 'auto' }], 'auto'), [])
  t.same(faults({ ...papers, under: 'acte' }), ['codes[0].under: codes too deep acte'])
  t.same(faults({ ...cars, under: 'camioane' }, trucks, papers), [
    'codes[0].under: codes too deep camioane',
    'codes[1].under: codes too deep auto',
  ])
  t.end()
})

void t.test('a code is for a queue of each code above it', (t) => {
  t.same(faults(taxes, { ...cars, queues: ['acte'] }), [])
  t.same(faults(taxes, { ...cars, queues: ['general'] }, trucks), [
    'codes[1].queues: code for no queue general',
  ])
  t.end()
})

void t.test('the order in which agents are offered codes is a difference', (t) => {
  const homes: WrapUpCodeSetting = { id: 'cladiri', name: 'Clădiri', under: 'taxe' }
  const of = (...list: WrapUpCodeSetting[]) => ({ ...firstConfiguration, queues, codes: list })
  const before = of(taxes, cars, papers)
  t.same(changesOf(before, of(papers, taxes, cars)), [
    { at: 'codes', before: ['taxe', 'acte'], after: ['acte', 'taxe'] },
  ])
  t.same(changesOf(before, of(taxes, papers, cars)), [], 'agents are offered them as before')
  t.same(changesOf(before, of(taxes, cars, papers, homes)), [{ at: 'codes.cladiri', after: homes }])
  t.same(changesOf(of(taxes, cars, homes), of(homes, taxes, cars)), [
    { at: 'codes', before: ['auto', 'cladiri'], after: ['cladiri', 'auto'] },
  ])
  const { under: _, ...first } = homes
  t.same(
    changesOf(of(taxes, homes, papers), of(taxes, first, papers)),
    [{ at: 'codes.cladiri.under', before: 'taxe' }],
    'one that goes elsewhere is no change of an order',
  )
  t.same(
    changesOf(before, of(homes, taxes, cars, papers)).map(({ at }) => at),
    ['codes.cladiri', 'codes'],
    'an added one before the others',
  )
  t.same(changesOf(firstConfiguration, { ...firstConfiguration, codes: [taxes, papers] }), [
    { at: 'codes', after: [taxes, papers] },
  ])
  t.end()
})
