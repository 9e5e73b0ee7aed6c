/** The menus of the simulated city, and the keys that callers press in them and elsewhere. */
import { QueueId } from '../../../src/core/ids.ts'
import { menuKeys, type MenuKey, type MenuTree } from '../../../src/core/configuration/menu.ts'
import type { Queue } from '../../../src/core/queue.ts'
import type { Random } from '../kernel/random.ts'

/** Longer than any bound of a key that should have stopped it. */
export const readingMs = 6_000

export function menusFor(queues: readonly Queue[]): MenuTree {
  const to = (id: string) => ({
    queue: QueueId(id),
    priority: queues.find((queue) => queue.id === id)?.priority ?? 10,
  })
  return {
    first: 'first',
    menus: {
      first: {
        sounds: { ro: 'întâi', en: 'first', hu: 'első' },
        keys: {
          '1': to('city'),
          '2': to('taxes'),
          '3': { menu: 'further' },
          '7': { voicemail: QueueId('taxes'), sounds: { ro: 'mesaj', en: 'message' } },
          '8': { language: 'hu' },
          '9': { language: 'en' },
          '#': { again: true },
        },
        repeats: 2,
      },
      further: {
        sounds: { ro: 'mai departe', en: 'further' },
        keys: { '1': to('taxes'), '*': { back: true }, '#': { again: true } },
        repeats: 1,
      },
    },
  }
}

/** Callers know that a menu takes its time. */
export const menuPatienceMs = 30_000

/** The keys of one caller, each with the time since the last one. Some press none, some never stop. */
export function keysOf(random: Random): readonly { readonly afterMs: number; readonly key: MenuKey }[] {
  if (random.chance(0.01))
    // Slow enough for the bound of time to come before that of the readings.
    return Array.from({ length: 60 }, () => ({ afterMs: random.between(4_500, 7_000), key: '#' as const }))
  return Array.from({ length: random.pick([0, 1, 1, 1, 2, 3, 6]) }, () => ({
    afterMs: random.chance(0.2) ? random.between(20, 400) : random.between(400, 9_000),
    key: random.pick(random.chance(0.6) ? (['1', '2', '3', '8', '9'] as const) : menuKeys),
  }))
}
