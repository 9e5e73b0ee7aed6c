import t from 'tap'
import { QueueId } from '../../../src/core/ids.ts'
import {
  entered,
  heardTree,
  pressed,
  repeated,
  soundAt,
  soundOf,
  type MenuKey,
  type MenuNext,
  type MenuPlace,
  type MenuTree,
} from '../../../src/core/configuration/menu.ts'

const taxes = { queue: QueueId('taxes'), priority: 5 }
const tree: MenuTree = {
  first: 'welcome',
  menus: {
    welcome: {
      sounds: { ro: 'salut', en: 'welcome' },
      keys: { '1': { menu: 'taxes' }, '2': taxes, '9': { language: 'en' }, '*': { back: true } },
      repeats: 2,
    },
    taxes: {
      sounds: { ro: 'taxe' },
      keys: { '1': taxes, '*': { back: true }, '#': { again: true } },
      repeats: 0,
    },
  },
}

/** Where the keys lead; null: no key. */
function after(...keys: (MenuKey | null)[]): MenuNext {
  return keys.reduce<MenuNext>((next, key) => {
    if (next === null || 'queue' in next || 'voicemail' in next) throw new Error('no menu is left')
    return key === null ? repeated(next, false) : pressed(next, key)
  }, entered(tree))
}
const placeAfter = (...keys: (MenuKey | null)[]): MenuPlace => after(...keys) as MenuPlace

void t.test('keys lead to a queue, to a further menu, back and to another language', (t) => {
  t.same(after('2'), taxes)
  t.same(placeAfter('1').path, ['welcome', 'taxes'])
  t.same(after('1', '1'), taxes)
  t.same(placeAfter('1', '*').path, ['welcome'])
  t.equal(soundAt(placeAfter()), 'salut')
  t.equal(soundAt(placeAfter('9')), 'welcome')
  t.equal(soundAt(placeAfter('9', '1')), 'taxe', 'a menu without an English text')
  t.equal(placeAfter('9', '1', '*').language, 'en', 'the language stays')
  t.end()
})

void t.test('what has no sound yet in another language is heard in Romanian', (t) => {
  const message = { voicemail: QueueId('taxes'), sounds: { ro: 'mesaj', en: 'message' } }
  const welcome = { ...tree.menus['welcome'], sounds: { ro: 'salut', en: 'welcome', hu: 'köszöntés' } }
  const keys = { ...welcome.keys, '7': message }
  const whole = { ...tree, menus: { ...tree.menus, welcome: { ...welcome, keys } } } as MenuTree
  const heard = (...missing: readonly string[]) => heardTree(whole, (sound) => !missing.includes(sound))
  t.same(heard(), whole)
  t.same(heard('welcome', 'message'), {
    ...whole,
    menus: {
      ...whole.menus,
      welcome: {
        ...welcome,
        sounds: { ro: 'salut', hu: 'köszöntés' },
        keys: { ...keys, '7': { ...message, sounds: { ro: 'mesaj', en: 'mesaj' } } },
      },
    },
  })
  for (const romanian of ['salut', 'taxe', 'mesaj']) t.equal(heard(romanian), null, romanian)
  t.end()
})

void t.test('a menu is repeated as often as it says, and then the caller waits for a person', (t) => {
  t.match(placeAfter('7'), { repeatsLeft: 1, isWrongKey: true })
  t.match(placeAfter('7', null), { repeatsLeft: 0, isWrongKey: false })
  t.equal(after('7', null, '7'), null)
  t.equal(after('1', null), null)
  t.match(placeAfter('7', '7', '1', '*'), { repeatsLeft: 2, isWrongKey: false }, 'counted for each menu anew')
  t.end()
})

void t.test('hearing it once more, and going back from the first menu, cost no repetition', (t) => {
  t.match(placeAfter('7', '*'), { path: ['welcome'], repeatsLeft: 1, isWrongKey: false })
  t.match(placeAfter('1', '#'), { path: ['welcome', 'taxes'], repeatsLeft: 0 })
  t.end()
})

void t.test('a menu that is not in the tree is a bug', (t) => {
  t.throws(() => entered({ ...tree, first: 'gone' }), { name: 'InvariantBroken' })
  t.end()
})

void t.test('each text in each language has a sound of its own', (t) => {
  const names = [soundOf('ro', 'Taxe'), soundOf('en', 'Taxe'), soundOf('ro', 'Taxe.'), soundOf('ro', '')]
  t.equal(new Set(names).size, names.length)
  t.equal(soundOf('ro', 'Taxe'), soundOf('ro', 'Taxe'))
  for (const name of names) t.match(name, /^menu-(ro|en)-[0-9a-f]{16}$/)
  t.end()
})
