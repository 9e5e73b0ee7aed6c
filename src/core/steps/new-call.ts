/** Facts of a call that begins, whoever begins it: nothing has happened in it. */
import { nothingAnnounced } from '../announcements/announcement.ts'
import { nobodyBeside, type CallFacts } from '../call.ts'

export const nothingYet = {
  ...nobodyBeside,
  overflowedFrom: null,
  answeredAt: null,
  heldMs: 0,
  legs: [],
  transfer: null,
  announced: nothingAnnounced,
  survey: null,
} as const satisfies Partial<CallFacts>
