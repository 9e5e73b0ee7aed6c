import t from 'tap'
import { faultsOf } from '../../../src/core/configuration/check.ts'
import { firstConfiguration } from '../../../src/core/configuration/line.ts'
import { Configuration, type KeyTarget, type MenuSetting } from '../../../src/core/configuration/schema.ts'
import { changeWords } from '../../../src/ui/admin/configuration/change-words.ts'
import {
  acceptDraft,
  formsIn,
  formsText,
  idOf,
  newHours,
  newQueue,
  openedAlways,
  standingOf,
  withId,
  withNew,
  withoutItem,
} from '../../../src/ui/admin/configuration/draft.ts'
import { keysTyped, orderOf } from '../../../src/ui/admin/configuration/dry-run/order.ts'
import { faultWords, placeOf, shownFaults } from '../../../src/ui/admin/configuration/faults.ts'
import { addressOf, lists, tabIn } from '../../../src/ui/admin/configuration/lists.ts'
import { optionOf, targetIn, targetOptions } from '../../../src/ui/admin/configuration/menus/key-targets.ts'
import { menuTree, type MenuBranch } from '../../../src/ui/admin/configuration/menus/menu-tree.ts'
import { onTopOf } from '../../../src/ui/admin/configuration/merge.ts'
import { versionBefore } from '../../../src/ui/admin/configuration/versions.ts'
import { textsIn } from '../texts.ts'

const taxes = { id: 'taxe', name: 'Taxe', skill: 'taxe', levelMin: 2, priority: 10 }
const winter = {
  id: 'iarna',
  name: 'Program de iarnă',
  weekly: 'Mon-Fri 08:00-16:00, Sat 09:00-13:00',
  holidays: 'closed' as const,
  dates: [{ date: '2026-12-24', hours: '08:00-12:00', reason: 'Ajun' }],
}
const base: Configuration = {
  ...firstConfiguration,
  queues: [...firstConfiguration.queues, taxes],
  hours: [winter],
}
const [line] = base.numbers
if (line === undefined) throw new Error('there is a number')

t.test('a draft that is the version in force is published, and is nobody else’s version', (t) => {
  const draft = { hasKept: true, basis: '4', value: base }
  const other = { ...base, hours: [] }
  const reordered = Object.fromEntries(Object.entries(base).toReversed()) as unknown as Configuration
  t.equal(standingOf(draft, { id: 4, document: other }), 'of it')
  t.equal(standingOf(draft, { id: 4, document: base }), 'of it', 'a version from before that is the same')
  t.equal(standingOf(draft, { id: 5, document: other }), 'late')
  t.equal(standingOf(draft, { id: 5, document: base }), 'published')
  t.equal(standingOf(draft, { id: 5, document: reordered }), 'published', 'as PostgreSQL orders the fields')
  t.equal(standingOf({ ...draft, hasKept: false }, { id: 5, document: other }), 'of it')
  t.end()
})

t.test('announcements are told in words', async (t) => {
  const ro = await textsIn('ro')
  const told = (after: Configuration, before = base) =>
    changeWords(before, after, ro, 'ro').map(({ what, before: was, after: is }) => [what, was, is])
  const announce = { position: true, estimate: true, firstAfterSeconds: 20, everySeconds: 60 }
  const withAnnouncements = (change: Partial<typeof announce> = {}): Configuration => ({
    ...base,
    queues: base.queues.map((queue) =>
      queue.id === 'taxe' ? { ...queue, announce: { ...announce, ...change } } : queue,
    ),
  })
  t.same(told(withAnnouncements()), [
    ['Coada „Taxe”: Anunțuri în așteptare', null, 'Locul la rând, Timpul estimat, după 20 s, apoi la 60 s'],
  ])
  t.same(told(withAnnouncements({ estimate: false, everySeconds: 90 }), withAnnouncements()), [
    ['Coada „Taxe”: Anunțuri în așteptare, Timpul estimat', 'da', 'nu'],
    ['Coada „Taxe”: Anunțuri în așteptare, Următoarele, la fiecare (secunde)', '60', '90'],
  ])
})

t.test('callbacks by key are told in words', async (t) => {
  const ro = await textsIn('ro')
  const withCallback = (afterSeconds: number): Configuration => ({
    ...base,
    queues: base.queues.map((queue) => ({ ...queue, callback: { afterSeconds, standingMax: 20 } })),
  })
  const [first] = changeWords(base, withCallback(60), ro, 'ro')
  t.match(first, {
    what: 'Coada „Informații generale”: Sunat înapoi, prin tastă',
    before: null,
    after: 'sunat înapoi prin tastă, propus după 60 s, cel mult 20 la coadă',
  })
  t.match(changeWords(withCallback(60), withCallback(90), ro, 'ro')[0], {
    what: 'Coada „Informații generale”: Sunat înapoi, prin tastă, Propus după o așteptare de (secunde)',
    before: '60',
    after: '90',
  })
  const added = { ...taxes, id: 'noi', name: 'Noi', callback: { afterSeconds: 60, standingMax: 20 } }
  t.match(
    changeWords(base, { ...base, queues: [...base.queues, added] }, ro, 'ro')[0]?.after,
    /propus după 60 s/,
  )
})

t.test('differences are told in words, with names instead of ids', async (t) => {
  const ro = await textsIn('ro')
  const told = (after: Configuration, before = base) =>
    changeWords(before, after, ro, 'ro').map(({ what, before: was, after: is }) => [what, was, is])
  t.same(
    told({
      numbers: [
        { ...line, queue: 'taxe', hours: 'iarna' },
        { number: '0256408300', also: [], name: 'Taxe', queue: 'taxe' },
      ],
      queues: [firstConfiguration.queues[0] ?? taxes, { ...taxes, levelMin: 3 }],
      hours: [
        {
          ...winter,
          weekly: 'Mon-Thu 08:00-16:00',
          holidays: 'open',
          dates: [
            { date: '2026-12-24', hours: 'closed' },
            { date: '2026-12-31', hours: '08:00-12:00' },
          ],
        },
      ],
    }),
    [
      ['Numărul 969: Duce la coada', 'Informații generale', 'Taxe'],
      ['Numărul 969: Program', null, 'Program de iarnă'],
      ['Numărul 0256408300', null, 'duce la Taxe; programul obișnuit al liniei'],
      ['Coada „Taxe”: Nivel minim', '2', '3'],
      [
        'Programul „Program de iarnă”: Săptămâna',
        'luni–vineri 08:00–16:00, sâmbătă 09:00–13:00',
        'luni–joi 08:00–16:00',
      ],
      ['Programul „Program de iarnă”: Sărbători legale', 'închis', 'ca în celelalte zile'],
      ['Programul „Program de iarnă”: 24 decembrie 2026', '08:00–12:00', 'închis'],
      ['Programul „Program de iarnă”: 24 decembrie 2026, Motiv', 'Ajun', null],
      ['Programul „Program de iarnă”: 31 decembrie 2026', null, '08:00–12:00'],
    ],
  )
  t.same(told({ ...base, queues: firstConfiguration.queues.slice(), hours: [] }), [
    ['Coada „Taxe”', 'competența taxe, nivel minim 2, prioritate 10', null],
    [
      'Programul „Program de iarnă”',
      'luni–vineri 08:00–16:00, sâmbătă 09:00–13:00; 24 decembrie 2026: 08:00–12:00',
      null,
    ],
  ])
  const [number, ...others] = base.numbers
  if (number === undefined) throw new Error('no number')
  const taking = (closed: 'voicemail' | 'callback') => ({
    ...base,
    numbers: [{ ...number, closed }, ...others],
  })
  t.match(told(taking('voicemail')), [[/Când este închis$/, null, /mesaj vocal$/]])
  t.match(told(taking('callback')), [[/Când este închis$/, null, /după deschidere$/]])
  const another = { ...number, number: '0256408301', also: [], closed: 'voicemail' as const }
  t.match(told({ ...base, numbers: [...base.numbers, another] }), [
    ['Numărul 0256408301', null, /; poate lăsa și un mesaj vocal$/],
  ])
  const sounds = { sounds: [{ id: 'limba' }] }
  const unknown: Configuration = { ...base, ...sounds }
  t.match(
    told(unknown),
    [['sounds', null, '{"id":"limba"}']],
    'a part that the page does not know is not hidden',
  )
})

t.test('changes of a draft come on top of what somebody else has published', (t) => {
  const theirs: Configuration = {
    ...base,
    numbers: [
      { ...line, name: 'Linia 969' },
      { number: '0256408300', also: [], name: 'Nou', queue: 'taxe' },
    ],
    queues: base.queues.map((one) => ({ ...one, priority: 7 })),
    hours: [],
  }
  const acts = { ...taxes, id: 'acte', name: 'Acte' }
  const mine: Configuration = { ...base, queues: [{ ...taxes, levelMin: 3 }, acts] }
  t.same(onTopOf(theirs, base, mine), { ...theirs, queues: [{ ...taxes, levelMin: 3 }, acts] })
  t.same(onTopOf(theirs, base, base), theirs, 'a draft without changes changes nothing')
  const reordered = {
    ...base,
    queues: base.queues.map((one) => Object.fromEntries(Object.entries(one).toReversed())),
  }
  t.same(onTopOf(theirs, base, reordered as Configuration), theirs, 'nor does the order of fields')
  const back = onTopOf(theirs, base, { ...base, hours: [{ ...winter, weekly: 'always' }] })
  t.same(back.hours, [{ ...winter, weekly: 'always' }], 'removed by them, changed here: it stays')
  t.end()
})

t.test('an id is made of the name, and numbers follow it', (t) => {
  t.equal(idOf('Taxe și impozite', [], 'coada'), 'taxe-si-impozite')
  t.equal(idOf('Taxe', ['taxe', 'taxe-2'], 'coada'), 'taxe-3')
  t.equal(idOf('24 de ore', [], 'program'), 'de-ore')
  t.equal(idOf('!!', ['coada'], 'coada'), 'coada-2')
  t.ok(/^[a-z][a-z0-9-]{0,39}$/.test(idOf('Ș'.repeat(60), [], 'coada')))
  const queue = newQueue(base)
  t.equal(queue.skill, 'general', 'agents serve it at once')
  const hours = newHours(base)
  const led = {
    ...base,
    numbers: [{ ...line, queue: queue.id, hours: hours.id }],
    queues: [...base.queues, queue],
    hours: [...base.hours, hours],
  }
  const named = withId(withId(led, 'queues', queue.id, 'acte'), 'hours', hours.id, 'vara')
  t.match(named.numbers, [{ queue: 'acte', hours: 'vara' }])
  t.same([named.queues.at(-1)?.id, named.hours.at(-1)?.id], ['acte', 'vara'])
  t.end()
})

t.test('an empty field is no fault until the publication is asked for', async (t) => {
  const ro = await textsIn('ro')
  const draft = {
    ...base,
    queues: [...base.queues, { ...taxes, id: 'acte', name: '' }, { ...taxes, id: 'Ț' }],
  }
  const faults = faultsOf(draft)
  const early = shownFaults(faults, false, ro)
  t.equal(early.of('queues[2].name'), null)
  t.match(early.of('queues[3].id'), /litere mici/)
  t.notOk(early.in('queues[2]'))
  t.ok(early.in('queues[3]'))
  t.equal(shownFaults(faults, true, ro).of('queues[2].name'), 'Scrie un nume.')
  t.same(placeOf('queues[12].name'), { list: 'queues', index: 12 })
  t.same(placeOf('numbers'), { list: 'numbers', index: 0 })
  t.same(placeOf('menus[1].keys.2.queue'), { list: 'menus', index: 1 })
  t.equal(placeOf(''), null)
})

t.test('a draft of another shape is dropped', (t) => {
  t.same(acceptDraft(base), base)
  for (const other of [null, 'x', {}, { ...base, hours: [{ id: 'x' }] }, { ...base, queues: {} }])
    t.equal(acceptDraft(other), null)
  t.end()
})

t.test('the field of other forms is that of the number that is shown', (t) => {
  t.same(formsIn(' 0256969, 40256969;'), ['0256969', '40256969'])
  t.equal(formsText('0256969,', ['0256969']), '0256969,', 'a comma stays while a further form is typed')
  t.equal(formsText('0256969, ', ['40256969']), '40256969', 'of another number, or of a discarded draft')
  t.equal(formsText('0256969', []), '')
  const many = Array.from({ length: 11 }, (_, index) => String(256_100 + index))
  t.same(formsIn(many.join(', ')), many, 'what is too much is a fault, and is not dropped')
  t.end()
})

t.test('a week comes back after the hours were open at all times', (t) => {
  const typed = { ...winter, weekly: 'Mon-Fri 09:00-15:30' }
  const weeks = new Map<string, string>()
  const open = openedAlways(typed, true, weeks, base)
  t.equal(open.weekly, 'always')
  t.same(openedAlways(open, false, weeks, base), typed)
  t.equal(
    openedAlways(open, false, new Map(), base).weekly,
    winter.weekly,
    'the published one after a reload',
  )
  const isNew = { ...open, id: 'nou' }
  t.equal(openedAlways(isNew, false, new Map(), base).weekly, newHours(base).weekly)
  t.end()
})

const choice: MenuSetting = {
  id: 'alegere',
  name: 'Alegere',
  says: { ro: 'Pentru taxe, apăsați 2.' },
  keys: { '2': { queue: 'taxe' }, '3': { menu: 'acte' }, '9': { language: 'en' } },
  repeats: 1,
}
const papers: MenuSetting = {
  id: 'acte',
  name: 'Acte',
  says: { ro: 'Pentru acte, așteptați.', en: 'For papers, wait.' },
  keys: { '1': { queue: 'general' }, '*': { back: true }, '#': { again: true } },
  repeats: 2,
}
const withMenus: Configuration = { ...base, menus: [choice, papers] }

t.test('the page knows every part of the configuration', (t) => {
  t.same(Object.keys(Configuration.properties).toSorted(), [...lists, 'outbound'].toSorted())
  t.end()
})

t.test('differences of menus are told in words', async (t) => {
  const ro = await textsIn('ro')
  const told = (before: Configuration, after: Configuration) =>
    changeWords(before, after, ro, 'ro').map(({ what, before: was, after: is }) => [what, was, is])
  const changed = {
    ...choice,
    says: { ro: 'Pentru acte, apăsați 2.', en: 'For papers, press 2.' },
    keys: {
      '2': { menu: 'acte' },
      '3': { menu: 'acte' },
      '9': { language: 'ro' as const },
      '0': { queue: 'taxe' },
    },
    repeats: 2,
  }
  t.same(told(withMenus, { ...withMenus, menus: [changed, papers] }), [
    ['Meniul „Alegere”: textul în română', 'Pentru taxe, apăsați 2.', 'Pentru acte, apăsați 2.'],
    ['Meniul „Alegere”: textul în engleză', null, 'For papers, press 2.'],
    ['Meniul „Alegere”: tasta 2', 'coada „Taxe”', 'meniul „Acte”'],
    ['Meniul „Alegere”: tasta 9', 'același meniu, în engleză', 'același meniu, în română'],
    ['Meniul „Alegere”: tasta 0', null, 'coada „Taxe”'],
    ['Meniul „Alegere”: Repetări', '1', '2'],
  ])
  t.same(told(base, { ...base, numbers: [{ ...line, menu: 'acte' }], menus: [papers] }), [
    ['Numărul 969: Meniu', null, 'Acte'],
    [
      'Meniul „Acte”',
      null,
      '„Pentru acte, așteptați.”; în engleză: „For papers, wait.”; tasta 1: coada „Informații generale”; ' +
        'tasta *: înapoi la meniul dinainte; tasta #: același meniu, încă o dată; repetat de 2 ori',
    ],
  ])
  t.same(told({ ...withMenus, numbers: [{ ...line, menu: 'acte' }] }, { ...withMenus, numbers: [] }), [
    ['Numărul 969', 'duce la Informații generale; programul obișnuit al liniei; Meniul „Acte”', null],
  ])
  t.same(
    told(withMenus, { ...withMenus, menus: [choice, choice] }),
    [['Meniurile', 'Alegere, Acte', 'Alegere, Alegere']],
    'two of one id are no raw text either',
  )
  t.end()
})

t.test('menus of both are put together', (t) => {
  const theirs: Configuration = { ...base, menus: [{ ...choice, repeats: 3 }, papers] }
  const mine: Configuration = { ...withMenus, menus: [choice, { ...papers, repeats: 0 }] }
  t.same(onTopOf(theirs, withMenus, mine).menus, [
    { ...choice, repeats: 3 },
    { ...papers, repeats: 0 },
  ])
  t.same(onTopOf(base, base, withMenus).menus, [choice, papers], 'such as those of an earlier version')
  t.same(onTopOf(base, withMenus, withMenus), base, 'they took the menus out')
  t.end()
})

t.test('a fault that a menu has names its text or its key', async (t) => {
  const ro = await textsIn('ro')
  const draft: Configuration = {
    ...withMenus,
    numbers: [{ ...line, menu: 'limba' }],
    queues: firstConfiguration.queues,
    menus: [
      { ...choice, says: { ro: ' ' } },
      { ...papers, keys: {} },
    ],
  }
  const faults = faultsOf(draft)
  t.same(
    faults.map((fault) => faultWords(fault, draft, ro)),
    [
      { item: 'Meniul „Alegere”, textul în română', sentence: 'Scrie un text.' },
      {
        item: 'Meniul „Alegere”, textul în engleză',
        sentence: 'Scrie textul și în această limbă: pot ajunge aici apelanți care au ales-o.',
      },
      { item: 'Meniul „Alegere”, tasta 2', sentence: 'Coada aceasta nu mai există. Alege alta. (taxe)' },
      { item: 'Meniul „Acte”', sentence: 'Adaugă cel puțin o tastă.' },
      { item: '969', sentence: 'Meniul acesta nu mai există. Alege altul. (limba)' },
    ],
  )
  const shown = shownFaults(faults, false, ro)
  t.ok(shown.in('numbers[0]'))
  t.match(shown.of('numbers[0].menu'), /Meniul acesta nu mai există/)
  t.match(shown.of('menus[0].keys.2.queue'), /Coada aceasta nu mai există/)
  t.equal(shown.of('menus[0].says.ro'), null, 'an empty text is no fault yet')
  t.same(faultWords({ at: '', code: 'no queue', value: '' }, draft, ro).item, '')
  t.end()
})

t.test('a menu is added, named and taken out; numbers and keys follow its id', (t) => {
  const added = withNew('menus', base)
  t.same(added.menus, [
    { id: 'meniu', name: '', says: { ro: '' }, keys: { '1': { queue: 'general' } }, repeats: 1 },
  ])
  t.same(
    faultsOf(added).map(({ at }) => at),
    ['menus[0].name', 'menus[0].says.ro'],
    'its name and text are left to write',
  )
  t.same(withoutItem('menus', added, 0), base, 'a document from before menus is as it was')
  const two: Configuration = { ...withMenus, numbers: [{ ...line, menu: 'acte' }] }
  t.same(withoutItem('menus', two, 0).menus, [papers])
  t.same(withoutItem('queues', two, 1).queues, firstConfiguration.queues)
  const named = withId(two, 'menus', 'acte', 'documente')
  t.match(named, {
    numbers: [{ menu: 'documente' }],
    menus: [
      { id: 'alegere', keys: { '2': { queue: 'taxe' }, '3': { menu: 'documente' } } },
      { id: 'documente' },
    ],
  })
  t.same(withId(two, 'queues', 'acte', 'documente'), two, 'a queue of the same id is another thing')
  t.end()
})

t.test('where a key leads is an option of its field, and back', async (t) => {
  const ro = await textsIn('ro')
  const targets = [
    undefined,
    { queue: 'taxe' },
    { menu: 'acte' },
    { language: 'ro' },
    { language: 'en' },
    { back: true },
    { again: true },
  ] as const
  for (const target of targets) t.same(targetIn(optionOf(target)), target)
  const valuesOf = (target?: KeyTarget) =>
    targetOptions(target, { menu: choice, document: withMenus, further: [] }, ro).flatMap((one) =>
      'items' in one ? one.items.map(({ value }) => value) : [one.value],
    )
  t.same(valuesOf(), [
    '',
    'queue:general',
    'queue:taxe',
    'voicemail:general',
    'voicemail:taxe',
    'menu:acte',
    'language:ro',
    'language:en',
    'back',
    'again',
  ])
  t.ok(valuesOf({ queue: 'gone' }).includes('queue:gone'), 'what is wrong is shown')
  t.ok(valuesOf({ menu: 'alegere' }).includes('menu:alegere'), 'also a menu that leads to itself')
  const alone = { menu: choice, document: { ...withMenus, menus: [choice] }, further: [] }
  t.notOk(
    targetOptions(undefined, alone, ro).some((one) => 'group' in one && one.group === 'Meniuri'),
    'there is no other menu',
  )
})

t.test('the diagram shows each menu once, loops as a reference', (t) => {
  const inShort = (branch: MenuBranch | null): unknown =>
    branch === null
      ? null
      : [
          branch.menu.id,
          ...branch.keys.map(({ key, further }) =>
            further === null ? key : [key, further === 'shown' ? further : inShort(further)],
          ),
        ]
  t.same(inShort(menuTree([choice, papers], 0)), ['alegere', '2', ['3', ['acte', '1', '*', '#']], '9'])
  const twice = { ...choice, keys: { '1': { menu: 'acte' }, '2': { menu: 'acte' }, '3': { menu: 'gone' } } }
  const loop = { ...papers, keys: { '1': { menu: 'alegere' } } }
  t.same(inShort(menuTree([twice, loop], 0)), [
    'alegere',
    ['1', ['acte', ['1', 'shown']]],
    ['2', 'shown'],
    '3',
  ])
  t.equal(menuTree([choice], 1), null)
  t.end()
})

t.test('a draft with menus of another shape is dropped', (t) => {
  t.same(withId(withMenus, 'queues', 'taxe', 'impozite').menus?.[0]?.keys, {
    ...choice.keys,
    '2': { queue: 'impozite' },
  })
  t.same(withId(withMenus, 'hours', 'iarna', 'vara').menus, withMenus.menus)
  t.notOk('menus' in withId(base, 'queues', 'taxe', 'impozite'))
  t.same(acceptDraft(withMenus), withMenus)
  for (const menus of [{}, [{ id: 'limba' }], [{ id: 'limba', name: '', says: null, keys: {} }]])
    t.equal(acceptDraft({ ...base, menus }), null)
  t.end()
})

t.test('what is tried is typed', (t) => {
  const typed = { number: '969', day: '4.12.2026', time: '2158', keys: '2', isBlocked: false }
  t.same(orderOf(typed), { number: '969', at: '2026-12-04T19:58:00.000Z', keys: ['2'], isBlocked: false })
  t.same(orderOf({ ...typed, keys: '9–*' })?.keys, ['9', null, '*'])
  t.equal(keysTyped('2, 1#x–'), '21#-')
  for (const wrong of [{ day: '31.11.2026' }, { time: '' }, { time: '24:00' }, { time: '25' }])
    t.equal(orderOf({ ...typed, ...wrong }), null, JSON.stringify(wrong))
  t.end()
})

t.test('the tab is in the address', (t) => {
  for (const tab of ['numbers', 'queues', 'hours', 'menus', 'try', 'history'] as const)
    t.equal(tabIn(new URL(addressOf(tab), 'http://linia').search), tab)
  t.equal(tabIn(''), 'numbers')
  t.equal(tabIn('?tab=notices'), 'numbers')
  t.end()
})

t.test('the last version of a page is compared with the one before it, which the next page has', (t) => {
  const items = [{ id: 9 }, { id: 7 }]
  t.equal(versionBefore(items, true, 0), 7)
  t.equal(versionBefore(items, true, 1), null, 'it is asked for')
  t.equal(versionBefore(items, false, 1), 0, 'the first one is compared with the installation')
  t.end()
})
