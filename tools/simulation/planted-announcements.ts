/** Planted bugs of announcements to callers who wait (`planted-bugs.ts`). */
import type { PlantedBug } from './plant.ts'

export const bugsOfAnnouncements: readonly PlantedBug[] = [
  {
    name: 'an answer does not cut an announcement',
    rules: ['an announcement in a conversation', 'a survey is read to a caller who has left it'],
    file: 'core/media/media-effects.ts',
    find: "new Set(['menu', 'announcement', 'callback question'])",
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
    file: 'core/announcements/caller-notice.ts',
    find: 'queues.length === 0 || queues.includes(queue)',
    replace: 'queues.length !== 0 && queues.includes(queue)',
  },
  {
    name: 'the first of a queue’s own texts is heard again and again',
    rules: ['an announcement out of turn'],
    file: 'core/steps/announcement.ts',
    find: 'nextText: text + 1',
    replace: 'nextText: text',
    // Redis may forget what was said.
    faults: ['native call'],
  },
  {
    name: 'the place is not told again between two texts',
    rules: ['an announcement out of turn'],
    file: 'core/steps/announcement.ts',
    find: 'isPlaceNext: true, nextText',
    replace: 'isPlaceNext: false, nextText',
    faults: ['native call'],
  },
  {
    name: 'a caller who has chosen English hears own texts in Romanian',
    rules: ['an announcement in another language'],
    file: 'core/announcements/next-announcement.ts',
    find: "texts[text]?.[language]\n    const sound = words === undefined ? null : soundOf(language, words, 'waiting')",
    replace:
      "texts[text]?.ro\n    const sound = words === undefined ? null : soundOf('ro', words, 'waiting')",
  },
  {
    name: 'the line tells callers of a further language their place in words that it has not',
    rules: ['an announcement in another language'],
    file: 'core/announcements/sentences.ts',
    find: '  const spoken = lineLanguageOf(language)\n  return soundOf(spoken, positionText',
    replace: "  const spoken = language as 'ro'\n  return soundOf(spoken, positionText",
  },
  {
    name: 'callers of a queue with own texts alone hear none',
    rules: ['a waiting caller without an announcement'],
    file: 'core/announcements/next-announcement.ts',
    find: '(ofPlace() ?? ofText()) :',
    replace: 'ofPlace() :',
  },
]
