/** The tab of codes: the draft, the tree, and differences in words. */
import t from 'tap'
import { firstConfiguration } from '../../../src/core/configuration/line.ts'
import type { Configuration, WrapUpCodeSetting } from '../../../src/core/configuration/schema.ts'
import { changeWords } from '../../../src/ui/admin/configuration/change-words.ts'
import {
  codeAbove,
  possibleParents,
  withoutCode,
} from '../../../src/ui/admin/configuration/codes/code-tree.ts'
import {
  acceptDraft,
  raised,
  withId,
  withNew,
  withoutItem,
} from '../../../src/ui/admin/configuration/draft.ts'
import { onTopOf } from '../../../src/ui/admin/configuration/merge.ts'
import { textsIn } from '../texts.ts'

const taxes: WrapUpCodeSetting = { id: 'taxe', name: 'Taxe', queues: ['general'] }
const cars: WrapUpCodeSetting = { id: 'auto', name: 'Mașini', under: 'taxe' }
const trucks: WrapUpCodeSetting = { id: 'camioane', name: 'Camioane', under: 'auto' }
const papers: WrapUpCodeSetting = { id: 'acte', name: 'Acte' }
const codes = [taxes, cars, trucks, papers]
const base: Configuration = { ...firstConfiguration, codes }

t.test('a code may be under those that leave three levels', (t) => {
  const parents = (id: string) => possibleParents(codes, id).map((code) => code.id)
  t.same(parents('acte'), ['taxe', 'auto'])
  t.same(parents('auto'), ['taxe', 'acte'], 'with what is below it')
  t.same(parents('taxe'), [], 'three levels are there already')
  t.same(parents('camioane'), ['taxe', 'auto', 'acte'])
  t.end()
})

t.test('a code moves up among those of its level', (t) => {
  const homes: WrapUpCodeSetting = { id: 'cladiri', name: 'Clădiri', under: 'taxe' }
  const tree = [cars, papers, taxes, homes]
  t.equal(codeAbove(tree, 3), 0)
  t.equal(codeAbove(tree, 2), 1)
  t.equal(codeAbove(tree, 1), -1, 'above it is one of another level')
  t.equal(codeAbove(tree, 0), -1)
  t.same(raised(tree, 3, codeAbove(tree, 3)), [homes, cars, papers, taxes])
  t.end()
})

t.test('what is below a code goes up a level with its queues when the code is taken out', (t) => {
  t.same(withoutCode(codes, 0), [{ id: 'auto', name: 'Mașini', queues: ['general'] }, trucks, papers])
  t.same(withoutCode(codes, 1), [taxes, { ...trucks, under: 'taxe' }, papers])
  t.same(withoutCode(codes, 9), codes)
  const narrowed = (queues: string[]) => withoutCode([taxes, { ...cars, queues }], 0)[0]?.queues
  t.same(narrowed(['acte', 'general']), ['general'])
  t.same(narrowed(['acte']), ['acte'], 'of no queue before')
  const wide = withoutCode([papers, { ...cars, under: 'acte', queues: ['general'] }], 0)
  t.same(wide, [{ id: 'auto', name: 'Mașini', queues: ['general'] }])
  t.end()
})

t.test('a code is added, named and taken out; what is under it follows its id', (t) => {
  const one = withNew('codes', firstConfiguration)
  t.same(one.codes, [{ id: 'cod', name: '' }])
  t.notOk('codes' in withoutItem('codes', one, 0), 'as before the first one')
  t.same(withId(base, 'codes', 'auto', 'masini').codes, [
    taxes,
    { ...cars, id: 'masini' },
    { ...trucks, under: 'masini' },
    papers,
  ])
  t.same(withId(base, 'queues', 'general', 'info').codes?.[0], { ...taxes, queues: ['info'] })
  t.same(withId(base, 'hours', 'general', 'info').codes, codes)
  t.end()
})

t.test('a draft is kept with its codes, those of both are put together', (t) => {
  t.same(acceptDraft(base), base)
  t.equal(acceptDraft({ ...base, codes: [{ id: 'taxe' }] }), null)
  const theirs = {
    ...base,
    codes: codes.map((code) => (code === papers ? { ...code, name: 'Hârtii' } : code)),
  }
  const mine = { ...base, codes: codes.slice(0, 2) }
  t.same(onTopOf(theirs, base, mine).codes, [taxes, cars])
  const moved = { ...base, codes: [papers, taxes, cars, trucks] }
  t.same(onTopOf(theirs, base, moved).codes, [{ ...papers, name: 'Hârtii' }, taxes, cars, trucks])
  t.same(
    onTopOf(moved, base, { ...base, codes: [...codes.slice(0, 3), { ...papers, name: 'Hârtii' }] }).codes,
    [{ ...papers, name: 'Hârtii' }, taxes, cars, trucks],
  )
  t.notOk('codes' in onTopOf(firstConfiguration, firstConfiguration, firstConfiguration))
  t.end()
})

t.test('differences of codes are told in words', async (t) => {
  const ro = await textsIn('ro')
  const told = (after: WrapUpCodeSetting[], before = codes) =>
    changeWords({ ...base, codes: before }, { ...base, codes: after }, ro, 'ro').map(
      ({ what, before: was, after: is }) => [what, was, is],
    )
  t.same(told([taxes, cars], []), [
    ['Codul „Taxe”', null, 'Informații generale'],
    ['Codul „Taxe › Mașini”', null, 'toate cozile'],
  ])
  t.same(told([taxes, cars, { ...trucks, under: 'taxe', nameEn: 'Lorries' }]), [
    ['Codul „Taxe › Camioane”: Face parte din', 'Taxe › Mașini', 'Taxe'],
    ['Codul „Taxe › Camioane”: Nume în engleză', null, 'Lorries'],
    ['Codul „Acte”', 'toate cozile', null],
  ])
  const { under: _, ...first } = trucks
  t.same(told([{ ...taxes, name: 'Impozite' }, cars, first, { ...papers, queues: ['general'] }]), [
    ['Codul „Impozite”: Nume', 'Taxe', 'Impozite'],
    ['Codul „Camioane”: Face parte din', 'Impozite › Mașini', 'nimic: primul nivel'],
    ['Codul „Acte”: Cozi', 'toate cozile', 'Informații generale'],
  ])
  t.same(told([{ ...papers, name: 'Hârtii' }, taxes, cars, trucks]), [
    ['Codul „Hârtii”: Nume', 'Acte', 'Hârtii'],
    ['Ordinea codurilor', 'Taxe, Hârtii', 'Hârtii, Taxe'],
  ])
  const homes = { id: 'cladiri', name: 'Clădiri', under: 'taxe' }
  t.same(told([homes, taxes, cars, papers], [taxes, cars, homes, papers]), [
    ['Ordinea codurilor', 'Taxe › Mașini, Taxe › Clădiri', 'Taxe › Clădiri, Taxe › Mașini'],
  ])
  t.same(told([taxes, taxes], [taxes]), [['Codurile', 'Taxe', 'Taxe, Taxe']])
})
