import t from 'tap'
import { busyTexts, voicemailPrompts, voicemailTexts } from '../../../src/core/announcements/voicemail.ts'
import { closedQuestionTexts, questionTexts } from '../../../src/core/announcements/callback-question.ts'
import { sentencesIn } from '../../../src/core/announcements/sentences.ts'
import { faultsOf } from '../../../src/core/configuration/check.ts'
import { firstConfiguration, lineOf } from '../../../src/core/configuration/line.ts'
import { menusNeverHeard, menusNeverHeardAfter } from '../../../src/core/configuration/menus-never-heard.ts'
import type {
  AnswerAt,
  Configuration,
  MenuSetting,
  NumberSetting,
} from '../../../src/core/configuration/schema.ts'
import { soundOf } from '../../../src/core/configuration/menu.ts'
import { taxes, welcome } from './menu-samples.ts'

const [general] = firstConfiguration.queues
if (general === undefined) throw new Error('there is a queue')

function withMenus(...menus: MenuSetting[]): Configuration {
  return {
    ...firstConfiguration,
    numbers: firstConfiguration.numbers.map((one) => ({ ...one, menu: 'welcome' })),
    queues: [
      general as NonNullable<typeof general>,
      { ...(general as NonNullable<typeof general>), id: 'taxes', name: 'Taxe', priority: 5 },
    ],
    menus,
  }
}
const faults = (...menus: MenuSetting[]) =>
  faultsOf(withMenus(...menus)).map(({ at, code, value }) => `${at}: ${code} ${value}`)

void t.test('a configuration with menus, and one from before menus, have no fault', (t) => {
  t.same(faults(welcome, taxes), [])
  t.same(faultsOf(firstConfiguration), [])
  t.end()
})

void t.test('references that lead nowhere', (t) => {
  t.same(faults(), ['numbers[0].menu: menu unknown welcome'])
  t.same(faults({ ...welcome, keys: { '1': { menu: 'gone' }, '2': { queue: 'gone' } } }), [
    'menus[0].keys.1.menu: menu unknown gone',
    'menus[0].keys.2.queue: queue unknown gone',
  ])
  t.end()
})

void t.test('a number whose calls an agent answers has no menu: no key gets through before', (t) => {
  const { numbers, ...others } = withMenus(welcome, taxes)
  const faultsWith = (answer: AnswerAt) =>
    faultsOf({ ...others, numbers: numbers.map((one) => ({ ...one, answer })) })
  t.same(faultsWith('queue'), [])
  t.same(faultsWith('agent'), [{ at: 'numbers[0].menu', code: 'menu never heard', value: 'welcome' }])
  t.end()
})

void t.test('by the settings of the server no key gets through before an agent answers', (t) => {
  const document = withMenus(welcome, taxes)
  const [first] = document.numbers
  if (first === undefined) throw new Error('there is a number')
  const having = (change: Partial<NumberSetting>) => ({ ...document, numbers: [{ ...first, ...change }] })
  const { menu: _, ...plain } = first
  const warned = [{ number: '969', menu: 'welcome' }]
  t.same(menusNeverHeard(document, 'agent'), warned)
  t.same(menusNeverHeard(document, 'queue'), [])
  t.same(menusNeverHeard(having({ answer: 'queue' }), 'agent'), [], 'the number says it itself')
  t.same(menusNeverHeard(having({ answer: 'agent' }), 'agent'), [], 'a fault already')
  t.same(menusNeverHeard({ numbers: [plain] }, 'agent'), [])
  t.same(faultsOf(document), [], 'the setting may have been changed after the publication')
  t.same(menusNeverHeardAfter({ numbers: [plain] }, document, 'agent'), warned)
  t.same(menusNeverHeardAfter(document, document, 'agent'), [], 'it was so before')
  t.same(menusNeverHeardAfter(having({ menu: 'taxes' }), document, 'agent'), warned)
  t.same(menusNeverHeardAfter(having({ number: '123' }), document, 'agent'), warned)
  t.end()
})

void t.test('ids, names and texts', (t) => {
  t.same(faults(welcome, taxes, { ...taxes, id: 'Taxes', name: ' ', says: { ro: '', en: ' ' } }), [
    'menus[2].id: id not usable Taxes',
    'menus[2].name: name empty  ',
    'menus[2].says.ro: text empty ',
    'menus[2].says.en: text empty  ',
    'menus[2].id: id twice Taxes',
  ])
  t.end()
})

void t.test('a text is missing wherever a caller comes who has chosen the language', (t) => {
  const romanian = (menu: MenuSetting): MenuSetting => ({ ...menu, says: { ro: menu.says.ro } })
  t.same(faults(welcome, romanian(taxes)), ['menus[1].says.en: text missing '], 'onwards')
  t.same(faults(romanian(welcome), taxes), ['menus[0].says.en: text missing '], 'where it is chosen')
  const chosenLater: MenuSetting = { ...taxes, keys: { ...taxes.keys, '9': { language: 'en' } } }
  const { '9': _english, ...keys } = welcome.keys
  t.same(faults(romanian({ ...welcome, keys }), chosenLater), ['menus[0].says.en: text missing '], 'back')
  const { '*': _back, ...onlyOn } = chosenLater.keys
  t.same(faults(romanian({ ...welcome, keys }), { ...chosenLater, keys: onlyOn }), [], 'no way back')
  t.same(faults(romanian({ ...welcome, keys }), romanian(taxes)), [], 'nobody can choose')
  const hungarian: MenuSetting = { ...welcome, keys: { ...welcome.keys, '8': { language: 'hu' } } }
  const missing = ['menus[0].says.hu: text missing ', 'menus[1].says.hu: text missing ']
  t.same(faults(hungarian, taxes), missing, 'each language on its own')
  const says = { ...welcome.says, hu: '!' }
  t.same(faults({ ...hungarian, says }, taxes), ['menus[0].says.hu: text not readable !', missing[1]])
  t.end()
})

void t.test('a message is seen to in a queue that exists, and is no way to a person', (t) => {
  t.same(faults({ ...welcome, keys: { '1': { voicemail: 'gone' }, '0': { queue: 'general' } } }), [
    'menus[0].keys.1.voicemail: queue unknown gone',
  ])
  t.same(faults({ ...welcome, keys: { '1': { voicemail: 'general' } } }), [
    'menus[0].keys: menu leads to nobody welcome',
  ])
  t.end()
})

void t.test('loops and dead ends', (t) => {
  t.same(faults({ ...welcome, keys: {} }), ['menus[0].keys: menu without keys welcome'])
  t.same(faults(welcome, { ...taxes, keys: { '1': { queue: 'taxes' }, '2': { menu: 'welcome' } } }), [
    'menus[0].keys: menu leads to itself welcome',
    'menus[1].keys: menu leads to itself taxes',
  ])
  t.same(faults(welcome, { ...taxes, keys: { '*': { back: true } } }), [
    'menus[1].keys: menu leads to nobody taxes',
  ])
  t.same(
    faults(
      { ...welcome, keys: { '1': { menu: 'taxes' } } },
      { ...taxes, keys: { '1': { menu: 'welcome' } } },
    ),
    ['menus[0].keys: menu leads to itself welcome', 'menus[1].keys: menu leads to itself taxes'],
  )
  t.end()
})

void t.test('a number has the menus to which its own leads', (t) => {
  const menuOf = (configuration: Configuration) => lineOf(configuration).numbers[0]?.menu
  t.same(menuOf(withMenus(welcome, taxes, { ...taxes, id: 'other' })), {
    first: 'welcome',
    menus: {
      welcome: {
        sounds: { ro: soundOf('ro', welcome.says.ro), en: soundOf('en', 'For taxes press one.') },
        keys: { ...welcome.keys, '2': { queue: 'general', priority: 10 } },
        repeats: 1,
      },
      taxes: {
        sounds: { ro: soundOf('ro', taxes.says.ro), en: soundOf('en', 'To pay press one.') },
        keys: { ...taxes.keys, '1': { queue: 'taxes', priority: 5 } },
        repeats: 0,
      },
    },
  })
  t.equal(menuOf(firstConfiguration), null)
  t.same(
    lineOf(withMenus(welcome, { ...taxes, says: welcome.says })).texts,
    [
      { sound: soundOf('ro', welcome.says.ro), language: 'ro', text: welcome.says.ro },
      { sound: soundOf('en', 'For taxes press one.'), language: 'en', text: 'For taxes press one.' },
    ],
    'each text is read out once',
  )
  const announce = { position: true, estimate: true, firstAfterSeconds: 20, everySeconds: 60 }
  const announced = (configuration: Configuration) => ({
    ...configuration,
    queues: configuration.queues.map((queue) => ({ ...queue, announce })),
  })
  t.same(lineOf(announced(firstConfiguration)).texts, sentencesIn('ro'), 'nobody can have chosen English')
  const both = lineOf(announced(withMenus(welcome))).texts.map(({ sound }) => sound)
  for (const language of ['ro', 'en'] as const)
    t.ok(sentencesIn(language).every(({ sound }) => both.includes(sound)))
  const says = { ro: welcome.says.ro, hu: 'Az adókhoz nyomja meg az egyest.' }
  t.match(menuOf(withMenus({ ...welcome, says }, taxes))?.menus['welcome']?.sounds, {
    hu: soundOf('hu', says.hu),
  })
  t.same(
    lineOf(announced(withMenus({ ...welcome, says })))
      .texts.filter(({ language }) => language !== 'ro')
      .map(({ text }) => text),
    [says.hu],
    'the line itself speaks Romanian to those who have chosen Hungarian',
  )
  const overflowing = {
    ...firstConfiguration,
    queues: firstConfiguration.queues.map((queue) => ({
      ...queue,
      overflow: { whenWaiting: 5, voicemail: true as const },
    })),
  }
  t.same(
    lineOf(overflowing).texts,
    busyTexts.filter(({ language }) => language === 'ro'),
  )
  const called = {
    ...firstConfiguration,
    queues: firstConfiguration.queues.map((queue) => ({
      ...queue,
      callback: { afterSeconds: 60, standingMax: 20 },
    })),
  }
  t.same(lineOf(called).texts, questionTexts('ro'))
  t.match(lineOf(called).queues, [{ callback: { afterSeconds: 60 } }])
  const closed = {
    ...called,
    numbers: called.numbers.map((number) => ({ ...number, closed: 'callback' as const })),
  }
  t.match(lineOf(closed).numbers, [{ closed: 'callback' }])
  const heard = lineOf(closed).texts
  t.equal(heard.length, questionTexts('ro').length + 1, 'the digits are made once')
  const sounds = heard.map(({ sound }) => sound)
  t.ok(closedQuestionTexts().every(({ sound }) => sounds.includes(sound)))
  const takes = withMenus({ ...welcome, keys: { '1': { voicemail: 'taxes' }, '0': { queue: 'general' } } })
  t.match(menuOf(takes)?.menus['welcome']?.keys, { '1': { voicemail: 'taxes', sounds: voicemailPrompts } })
  t.same(lineOf(takes).texts.slice(2), voicemailTexts, 'in both languages')
  t.equal(
    menuOf(withMenus({ ...welcome, keys: { '1': { voicemail: 'gone' } } })),
    null,
    'its queue is missing',
  )
  t.equal(menuOf(withMenus()), null, 'there is no such menu')
  t.equal(menuOf(withMenus({ ...welcome, says: { ro: 'Taxe' } })), null, 'a further one is missing')
  t.equal(menuOf(withMenus({ ...welcome, keys: { '1': { queue: 'gone' } } })), null, 'a queue is missing')
  const shared: MenuSetting = { ...welcome, keys: { '1': { menu: 'taxes' }, '2': { menu: 'taxes' } } }
  t.same(Object.keys(menuOf(withMenus(shared, taxes))?.menus ?? {}), ['welcome', 'taxes'])
  t.end()
})
