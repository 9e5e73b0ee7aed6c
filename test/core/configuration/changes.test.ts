import t from 'tap'
import { changesOf } from '../../../src/core/configuration/changes.ts'
import { firstConfiguration } from '../../../src/core/configuration/line.ts'
import type { Configuration } from '../../../src/core/configuration/schema.ts'

const taxes = { id: 'taxe', name: 'Taxe', skill: 'taxe', levelMin: 2, priority: 10 }
const program = {
  id: 'program',
  name: 'Program',
  weekly: 'Mon-Fri 08:00-22:00',
  holidays: 'closed',
  dates: [{ date: '2026-12-24', hours: '08:00-12:00' }],
} as const
const before: Configuration = {
  ...firstConfiguration,
  queues: [...firstConfiguration.queues, taxes],
  hours: [{ ...program, dates: [...program.dates] }],
}

void t.test('nothing changed, or only moved', (t) => {
  t.same(changesOf(before, structuredClone(before)), [])
  t.same(changesOf(before, { ...before, queues: before.queues.toReversed() }), [])
  t.same(changesOf({ ...before, hours: [] }, { ...before, hours: [] }), [])
  t.end()
})

void t.test('a list with two items of one name is compared as a whole', (t) => {
  const twice = { ...before, queues: [taxes, taxes] }
  t.same(changesOf(before, twice), [{ at: 'queues', before: before.queues, after: twice.queues }])
  t.same(
    changesOf(before, { ...before, queues: [...before.queues, { ...taxes, id: 'constructor' }] }),
    [{ at: 'queues.constructor', after: { ...taxes, id: 'constructor' } }],
    'a name that objects have by themselves',
  )
  t.end()
})

void t.test('values, items and whole lists', (t) => {
  const after: Configuration = {
    numbers: before.numbers.map((number) => ({ ...number, also: [], hours: 'program' })),
    queues: [
      { ...taxes, levelMin: 3 },
      { ...taxes, id: 'acte' },
    ],
    hours: [{ ...program, dates: [{ date: '2026-12-24', hours: 'closed', reason: 'Ajun' }] }],
  }
  t.same(changesOf(before, after), [
    { at: 'numbers.969.also', before: ['0256969'], after: [] },
    { at: 'numbers.969.hours', after: 'program' },
    { at: 'queues.general', before: firstConfiguration.queues[0] },
    { at: 'queues.taxe.levelMin', before: 2, after: 3 },
    { at: 'queues.acte', after: { ...taxes, id: 'acte' } },
    { at: 'hours.program.dates.2026-12-24.hours', before: '08:00-12:00', after: 'closed' },
    { at: 'hours.program.dates.2026-12-24.reason', after: 'Ajun' },
  ])
  t.end()
})

void t.test('a list of texts is compared as a whole, whichever order their fields have', (t) => {
  const announce = { position: false, estimate: false, firstAfterSeconds: 20, everySeconds: 60 }
  const withTexts = (...texts: { ro: string; en?: string }[]): Configuration => ({
    ...firstConfiguration,
    queues: firstConfiguration.queues.map((one) => ({ ...one, announce: { ...announce, texts } })),
  })
  const [one, other] = [{ ro: 'Unu.', en: 'One.' }, { ro: 'Doi.' }]
  t.same(changesOf(withTexts(one, other), withTexts({ en: 'One.', ro: 'Unu.' }, other)), [])
  t.same(changesOf(withTexts(one, other), withTexts(other, one)), [
    { at: 'queues.general.announce.texts', before: [one, other], after: [other, one] },
  ])
  t.end()
})
