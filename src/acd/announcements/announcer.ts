/** Decides each second which waiting callers hear an announcement, and which one. */
import { isHeardAt } from '../../core/announcements/caller-notice.ts'
import {
  announcementFor,
  isAnnouncementDue,
  mayHear,
  noticeFor,
} from '../../core/announcements/next-announcement.ts'
import { callbacksLeft, isAsked, type QuestionDeps } from '../callbacks/by-key.ts'
import type { Conductor } from '../conductor.ts'
import type { Clock } from '../ports.ts'

export interface AnnouncerDeps extends QuestionDeps {
  readonly conductor: Pick<Conductor, 'apply' | 'handlingTimes'>
  readonly clock: Clock
  /** Not while the callers are not served, or the PBX is slow: it would be slower for those whose phones are to ring. */
  readonly mayAnnounce: () => boolean
}

/** Each one is a commit and some commands; the others follow a second later. */
const perSecondMax = 20

export class Announcer {
  readonly #deps: AnnouncerDeps

  constructor(deps: AnnouncerDeps) {
    this.#deps = deps
  }

  sweep(): void {
    const { acdState, conductor, directory, hasSound, clock, mayAnnounce } = this.#deps
    if (!mayAnnounce()) return
    const [now, wall] = [clock.now(), clock.wall()]
    // A notice begins and ends by the clock on the wall.
    const notices = directory.callerNotices().filter((notice) => isHeardAt(notice, wall))
    let left = perSecondMax
    for (const { queue, waiting } of acdState.lines()) {
      const { announce, callback } = queue
      const isSilent = announce === undefined && callback === undefined && notices.length === 0
      if (isSilent || waiting.length === 0) continue
      let mayAsk = callback === undefined ? 0 : callbacksLeft(queue, acdState)
      const handlingMs = conductor.handlingTimes.meanOf(queue.id)
      const rate = handlingMs === null ? null : { agents: acdState.atWorkFor(queue), handlingMs }
      for (const [index, call] of [...waiting].entries()) {
        if (left === 0) return
        // One who is to be called back has a place, and hears nothing.
        if (call.phase === 'promised' || !mayHear(call)) continue
        const notice = noticeFor(call, notices, hasSound)
        if (notice === null && mayAsk > 0 && isAsked(call, queue, now, this.#deps)) {
          left -= 1
          mayAsk -= 1
          void conductor.apply(call.id, { type: 'CallerAsked' })
          continue
        }
        const announcement =
          notice ??
          (announce !== undefined && isAnnouncementDue(call, announce, now)
            ? announcementFor(call, announce, { position: index + 1, rate }, hasSound)
            : null)
        if (announcement === null) continue
        left -= 1
        void conductor.apply(call.id, { type: 'AnnouncementMade', announcement })
      }
    }
  }
}
