import t from 'tap'
import { faultsOf } from '../../../src/core/configuration/check.ts'
import { firstConfiguration } from '../../../src/core/configuration/line.ts'
import type { Configuration } from '../../../src/core/configuration/schema.ts'
import { changeWords } from '../../../src/ui/admin/configuration/change-words.ts'
import { faultWords } from '../../../src/ui/admin/configuration/faults.ts'
import { withId } from '../../../src/ui/admin/configuration/draft.ts'
import { textsIn } from '../texts.ts'

const taxes = { id: 'taxe', name: 'Taxe', skill: 'taxe', levelMin: 2, priority: 10 }
const base: Configuration = { ...firstConfiguration, queues: [...firstConfiguration.queues, taxes] }

t.test('an overflow is told in words', async (t) => {
  const ro = await textsIn('ro')
  const withOverflow = (overflow: object): Configuration => ({
    ...base,
    queues: base.queues.map((queue) =>
      queue.id === 'taxe' ? { ...queue, overflow: { to: 'general', ...overflow } } : queue,
    ),
  })
  const told = (before: Configuration, after: Configuration) =>
    changeWords(before, after, ro, 'ro').map(({ what, before: was, after: is }) => [what, was, is])
  const all = withOverflow({ whenWaiting: 10, afterSeconds: 300, whenNobodySignedIn: true })
  const words =
    'trec în coada „Informații generale”: când niciun operator nu este în tură, sau cu cel puțin 10 înaintea lor, sau după 300 s'
  t.same(told(base, all), [['Coada „Taxe”: Trecerea mai departe', null, words]])
  t.same(told(all, withOverflow({ afterSeconds: 200, to: 'taxe' })), [
    ['Coada „Taxe”: Trecerea mai departe, Unde trec', 'Informații generale', 'Taxe'],
    ['Coada „Taxe”: Trecerea mai departe, Când au înaintea lor, pe fir, cel puțin (apelanți)', '10', null],
    ['Coada „Taxe”: Trecerea mai departe, După o așteptare de (secunde)', '300', '200'],
    ['Coada „Taxe”: Trecerea mai departe, Când niciun operator al cozii nu este în tură', 'da', null],
  ])
  const message = {
    ...base,
    queues: base.queues.map((one) => ({ ...one, overflow: { whenWaiting: 5, voicemail: true } })),
  }
  t.match(
    told(base, message as Configuration)[0]?.[2],
    /^pot lăsa un mesaj vocal: cu cel puțin 5 înaintea lor$/,
  )
  t.same(
    told(
      all,
      withOverflow({
        whenWaiting: 10,
        afterSeconds: 300,
        whenNobodySignedIn: true,
        to: undefined,
        callback: true,
      }),
    ),
    [
      ['Coada „Taxe”: Trecerea mai departe, Unde trec', 'Informații generale', null],
      ['Coada „Taxe”: Trecerea mai departe, la întrebarea dacă să fie sunați înapoi', null, 'da'],
    ],
  )
  const added = { ...taxes, id: 'noi', name: 'Noi', overflow: { to: 'taxe', afterSeconds: 60 } }
  const [whole] = changeWords(base, { ...base, queues: [...base.queues, added] }, ro, 'ro')
  t.match(whole?.after, /; trec în coada „Taxe”: după 60 s$/)
  t.match(withId(all, 'queues', 'general', 'info').queues.at(-1), { overflow: { to: 'info' } })
  t.equal(withId(all, 'queues', 'taxe', 'impozite').queues.at(-1)?.overflow?.to, 'general')
})

t.test('a survey is told in words', async (t) => {
  const ro = await textsIn('ro')
  const asking = (survey?: object): Configuration => ({
    ...base,
    queues: base.queues.map((queue) =>
      queue.id === 'taxe' && survey !== undefined ? ({ ...queue, survey } as typeof queue) : queue,
    ),
  })
  const told = (before: Configuration, after: Configuration) =>
    changeWords(before, after, ro, 'ro').map(({ what, before: was, after: is }) => [what, was, is])
  const words = 'sondaj după convorbiri de cel puțin 30 s'
  t.same(told(asking(), asking({ talkedSeconds: 30 })), [
    ['Coada „Taxe”: Sondaj după convorbire', null, words],
  ])
  t.same(told(asking({ talkedSeconds: 30 }), asking({ talkedSeconds: 10 })), [
    ['Coada „Taxe”: Sondaj după convorbire, După o convorbire de cel puțin (secunde)', '30', '10'],
  ])
  const added = { ...taxes, id: 'noi', name: 'Noi', survey: { talkedSeconds: 30 } }
  const [whole] = changeWords(base, { ...base, queues: [...base.queues, added] }, ro, 'ro')
  t.ok(whole?.after?.endsWith(`; ${words}`))
})

t.test('own announcements are told in words, in their order', async (t) => {
  const ro = await textsIn('ro')
  const announce = { position: true, estimate: false, firstAfterSeconds: 20, everySeconds: 60 }
  const announcing = (texts?: readonly { ro: string; en?: string }[]): Configuration => ({
    ...base,
    queues: base.queues.map((queue) =>
      queue.id === 'taxe'
        ? { ...queue, announce: texts === undefined ? announce : { ...announce, texts: [...texts] } }
        : queue,
    ),
  })
  const told = (before: Configuration, after: Configuration) =>
    changeWords(before, after, ro, 'ro').map(({ what, before: was, after: is }) => [what, was, is])
  const [one, other] = [{ ro: 'Pe site.', en: 'By the web site.' }, { ro: 'La ghișeu.' }]
  const what = 'Coada „Taxe”: Anunțuri în așteptare, Texte proprii'
  t.same(told(announcing(), announcing([one])), [
    [what, null, '1: „Pe site.”; în engleză: „By the web site.”'],
  ])
  t.same(told(announcing([other, one]), announcing([one, other])), [
    [
      what,
      '1: „La ghișeu.”; 2: „Pe site.”; în engleză: „By the web site.”',
      '1: „Pe site.”; în engleză: „By the web site.”; 2: „La ghișeu.”',
    ],
  ])
  t.same(told(base, announcing([other])), [
    [
      'Coada „Taxe”: Anunțuri în așteptare',
      null,
      'Locul la rând, după 20 s, apoi la 60 s; Texte proprii: 1: „La ghișeu.”',
    ],
  ])
  const faulty = announcing([one, { ro: '' }])
  t.same(
    faultsOf(faulty).map((fault) => faultWords(fault, faulty, ro)),
    [{ item: 'Coada „Taxe”, Textul 2, textul în română', sentence: 'Scrie un text.' }],
  )
})

t.test('a wrap-up is told in words', async (t) => {
  const ro = await textsIn('ro')
  const wrappingUp = (wrapUpSeconds: number): Configuration => ({
    ...base,
    queues: base.queues.map((queue) => (queue.id === 'taxe' ? { ...queue, wrapUpSeconds } : queue)),
  })
  const told = (before: Configuration, after: Configuration) =>
    changeWords(before, after, ro, 'ro').map(({ what, before: was, after: is }) => [what, was, is])
  t.same(told(base, wrappingUp(0)), [['Coada „Taxe”: Secunde de încheiere', null, '0']])
  t.same(told(wrappingUp(0), wrappingUp(45)), [['Coada „Taxe”: Secunde de încheiere', '0', '45']])
  t.match(told(firstConfiguration, wrappingUp(45))[0]?.[2], /; încheiere de 45 s$/)
})
