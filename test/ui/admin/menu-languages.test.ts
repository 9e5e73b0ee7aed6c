/** Menus and announcements in languages beside Romanian and English, as the page of the line changes and tells them. */
import t from 'tap'
import { firstConfiguration } from '../../../src/core/configuration/line.ts'
import type { Configuration, MenuSetting } from '../../../src/core/configuration/schema.ts'
import { changeWords } from '../../../src/ui/admin/configuration/change-words.ts'
import { newAnnouncements } from '../../../src/ui/admin/configuration/draft.ts'
import { faultWords } from '../../../src/ui/admin/configuration/faults.ts'
import { optionOf, targetIn, targetOptions } from '../../../src/ui/admin/configuration/menus/key-targets.ts'
import { furtherIn, withText } from '../../../src/ui/admin/configuration/words/languages.ts'
import { textsIn } from '../texts.ts'

const menu: MenuSetting = {
  id: 'alegere',
  name: 'Alegere',
  says: { ro: 'Pentru taxe, apăsați 2.' },
  keys: { '2': { queue: 'general' } },
  repeats: 1,
}
const hungarian: MenuSetting = {
  ...menu,
  says: { ...menu.says, hu: 'Az adókhoz nyomja meg a kettest.' },
  keys: { ...menu.keys, '8': { language: 'hu' } },
}
const base: Configuration = { ...firstConfiguration, menus: [menu] }

t.test('changes and faults name the language', async (t) => {
  const ro = await textsIn('ro')
  const told = (after: Configuration, before = base) =>
    changeWords(before, after, ro, 'ro').map(({ what, before: was, after: is }) => [what, was, is])
  t.same(told({ ...base, menus: [hungarian] }), [
    ['Meniul „Alegere”: textul în maghiară', null, 'Az adókhoz nyomja meg a kettest.'],
    ['Meniul „Alegere”: tasta 8', null, 'același meniu, în maghiară'],
  ])
  const [added] = told({ ...base, menus: [hungarian] }, firstConfiguration)
  t.match(
    added?.[2],
    /^„Pentru taxe, apăsați 2\.”; în maghiară: „Az adókhoz nyomja meg a kettest\.”; tasta 2/,
  )
  const fault = { at: 'menus[0].says.hu', code: 'text missing', value: '' } as const
  t.equal(faultWords(fault, base, ro).item, 'Meniul „Alegere”, textul în maghiară')
  t.equal(faultWords(fault, base, await textsIn('en')).item, 'Menu “Alegere”, the text in Hungarian')
  const announced = { at: 'queues[0].announce.texts[1].de', code: 'text empty', value: '' } as const
  t.match(faultWords(announced, base, ro).item, /, Textul 2, textul în germană$/)
})

t.test('the languages of texts and keys have fields, and keys lead to them', async (t) => {
  const en = await textsIn('en')
  t.same(furtherIn(base), [])
  const announce = { ...newAnnouncements, texts: [{ ro: 'Bună ziua.', de: 'Guten Tag.' }] }
  const draft: Configuration = {
    ...base,
    queues: base.queues.map((queue) => ({ ...queue, announce })),
    menus: [
      { ...menu, says: { ...menu.says, uk: '' } },
      { ...menu, keys: { '8': { language: 'hu' } } },
    ],
  }
  t.same(furtherIn(draft), ['de', 'hu', 'uk'])
  const options = targetOptions(
    { language: 'hu' },
    { menu, document: draft, further: furtherIn(draft) },
    en,
  ).flatMap((one) => ('items' in one ? one.items : [one]))
  t.equal(options.find(({ value }) => value === 'language:hu')?.label, 'the same menu, in Hungarian')
  for (const { value } of options) t.equal(optionOf(targetIn(value)), value)
})

t.test('an empty text is none, but in Romanian', async (t) => {
  t.same(withText({ ro: 'Da.', hu: 'Igen.' }, 'hu', ''), { ro: 'Da.' })
  t.same(withText({ ro: 'Da.' }, 'ro', ''), { ro: '' })
  t.same(withText({ ro: 'Da.' }, 'hu', 'Igen.'), { ro: 'Da.', hu: 'Igen.' })
})
