/** Planted bugs of announcements to callers who wait (`planted-bugs.ts`). */
import type { PlantedBug } from './plant.ts'

export const bugsOfAnnouncements: readonly PlantedBug[] = [
  {
    name: 'an answer does not cut an announcement',
    rules: ['an announcement in a conversation', 'a survey is read to a caller who has left it'],
    file: 'core/media/media-effects.ts',
    find: "new Set(['menu', 'announcement'])",
    replace: "new Set(['menu'])",
  },
  {
    name: 'music does not come back after an announcement',
    rules: ['an announcement that is not heard'],
    file: 'core/steps/announcement.ts',
    find: 'becomes(call.announcement?.playback === playback ? withMusic(call, now) : call)',
    replace: 'becomes(call.announcement?.playback === playback ? call : call)',
  },
  {
    name: 'a caller hears a notice again and again',
    rules: ['a notice was heard twice'],
    file: 'core/steps/announcement.ts',
    find: '[...call.announced.notices, notice]',
    replace: 'call.announced.notices',
  },
  {
    name: 'a notice has no end',
    rules: ['a notice was heard after its end'],
    file: 'core/announcements/caller-notice.ts',
    find: 'if (now < notice.from || now >= notice.until) return false',
    replace: 'if (now < notice.from) return false',
  },
  {
    name: 'a notice has no beginning',
    rules: ['a notice was heard before its beginning'],
    file: 'core/announcements/caller-notice.ts',
    find: 'if (now < notice.from || now >= notice.until) return false',
    replace: 'if (now >= notice.until) return false',
  },
  {
    name: 'a notice for all queues is heard in none',
    rules: ['a waiting caller without a notice'],
    file: 'core/announcements/next-announcement.ts',
    find: 'one.queues.length === 0 || one.queues.includes(queue)',
    replace: 'one.queues.length !== 0 && one.queues.includes(queue)',
  },
]
