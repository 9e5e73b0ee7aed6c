/** Planted bugs of menus by key (`planted-bugs.ts`). */
import type { PlantedBug } from './plant.ts'

export const bugsOfMenus: readonly PlantedBug[] = [
  {
    name: 'a caller who presses no key stays in the menu',
    rules: ['a key awaited past its bound'],
    file: 'core/deadline.ts',
    find: '      return Math.min(call.until, call.leaveBy)\n',
    replace: '      return call.isReading ? Math.min(call.until, call.leaveBy) : call.leaveBy\n',
  },
  {
    name: 'a caller who goes on pressing keys never gets to a person',
    rules: ['a caller in menus past the bound'],
    file: 'core/steps/menu.ts',
    find: '    leaveBy,\n',
    replace: '    leaveBy: now + bounds.menuMs,\n',
  },
  {
    name: 'a key does not stop the menu that is read',
    rules: ['a menu is read to a caller who has left it'],
    file: 'core/media/media-effects.ts',
    find: "new Set(['menu', 'announcement', 'callback question'])",
    replace: "new Set(['announcement'])",
  },
  {
    name: 'a wrong key is repeated without an end',
    rules: ['a menu was repeated too often'],
    file: 'core/configuration/menu.ts',
    find: 'repeatsLeft: place.repeatsLeft - 1',
    replace: 'repeatsLeft: isWrongKey ? place.repeatsLeft : place.repeatsLeft - 1',
  },
  {
    name: 'a further menu is heard in Romanian, whichever language was chosen',
    rules: ['a caller hears another language'],
    file: 'core/configuration/menu.ts',
    find: 'placeAt(tree, [...path, target.menu], language)',
    replace: "placeAt(tree, [...path, target.menu], 'ro')",
  },
  {
    name: 'a key of a further menu is looked up in the first one',
    rules: [
      'a key led elsewhere',
      'a menu was repeated too often',
      'a caller without a key is in another queue',
      'a caller hears another language',
    ],
    file: 'core/configuration/menu.ts',
    find: "tree.menus[path.at(-1) ?? '']",
    replace: "tree.menus[path.at(0) ?? '']",
  },
  {
    name: 'the queue of a key is forgotten',
    rules: ['a key led elsewhere'],
    file: 'core/steps/menu.ts',
    find: 'leaves({ ...call, queue: next.queue, priority: priorityIn(next, call) }, now)',
    replace: 'leaves(call, now)',
  },
  {
    name: 'the end of an interrupted menu ends the next one',
    rules: ['the end of another reading was applied'],
    file: 'core/steps/menu.ts',
    find: '    if (event.playback !== call.playback) return becomes(call)\n    if (event.queuedAt',
    replace: '    if (event.queuedAt',
  },
]
