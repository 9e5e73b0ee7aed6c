import t from 'tap'
import { nothingAnnounced } from '../../../src/core/announcements/announcement.ts'
import { noticeSound } from '../../../src/core/announcements/caller-notice.ts'
import {
  announcementFor,
  isAnnouncementDue,
  mayHear,
  noticeFor,
} from '../../../src/core/announcements/next-announcement.ts'
import { estimateFor, isLonger } from '../../../src/core/announcements/estimate.ts'
import { estimateSound, positionSound } from '../../../src/core/announcements/sentences.ts'
import { step } from '../../../src/core/call-step.ts'
import { soundOf } from '../../../src/core/configuration/menu.ts'
import type { AnnouncementSetting } from '../../../src/core/configuration/schema.ts'
import { QueueId } from '../../../src/core/ids.ts'
import { as, callIn, rules, t0 } from '../samples.ts'

const minute = 60_000
const setting = { position: true, estimate: true, firstAfterSeconds: 20, everySeconds: 60 }
const rate = { agents: 2, handlingMs: 4 * minute }
const all = () => true

void t.test(
  'the estimate: the calls ahead and one’s own, at the rate at which agents are done',
  async (t) => {
    t.equal(estimateFor(1, rate), 2)
    t.equal(estimateFor(2, rate), 5, '4 minutes are said as 5, the next step')
    t.equal(estimateFor(5, rate), 10)
    t.equal(estimateFor(1, { agents: 10, handlingMs: minute }), 1)
    t.equal(estimateFor(15, rate), 30)
    t.equal(estimateFor(16, rate), 'more')
    t.equal(estimateFor(1, { agents: 0, handlingMs: minute }), null, 'nobody is at work')
    t.ok(isLonger('more', 30) && isLonger(10, 5))
    t.notOk(isLonger(5, 5) || isLonger(5, 'more'))
  },
)

void t.test('position, then estimate, each as the setting says', async (t) => {
  const call = { announced: nothingAnnounced, language: 'ro' as const }
  const both = announcementFor(call, setting, { position: 2, rate }, all)
  t.same(both, {
    notice: null,
    position: 2,
    estimate: 5,
    text: null,
    sounds: [positionSound('ro', 2), estimateSound('ro', 5)],
  })
  const place = announcementFor(call, { ...setting, estimate: false }, { position: 2, rate }, all)
  t.same(place, { notice: null, position: 2, estimate: null, text: null, sounds: [positionSound('ro', 2)] })
  const wait = announcementFor(call, { ...setting, position: false }, { position: 2, rate }, all)
  t.same(wait, { notice: null, position: null, estimate: 5, text: null, sounds: [estimateSound('ro', 5)] })
  const english = announcementFor({ ...call, language: 'en' }, setting, { position: 1, rate: null }, all)
  t.same(
    english,
    { notice: null, position: 1, estimate: null, text: null, sounds: [positionSound('en', 1)] },
    'the rate is not known',
  )
})

void t.test('an estimate never grows: when it does, only the position is said', async (t) => {
  const told = {
    announced: { ...nothingAnnounced, count: 1, at: 0, estimate: 5 as const },
    language: 'ro' as const,
  }
  const at = (position: number, by = setting) => announcementFor(told, by, { position, rate }, all)
  t.match(at(5), { position: 5, estimate: null })
  t.match(at(2), { estimate: 5 }, 'the same is no longer one')
  t.match(at(1), { estimate: 2 })
  t.equal(at(5, { ...setting, position: false }), null)
})

void t.test('a sentence without a sound is left out, and silence is no announcement', async (t) => {
  const call = { announced: nothingAnnounced, language: 'ro' as const }
  const without = (missing: string) => (sound: string) => sound !== missing
  const at = { position: 2, rate }
  const place = positionSound('ro', 2)
  t.match(announcementFor(call, setting, at, without(place)), {
    position: null,
    sounds: [estimateSound('ro', 5)],
  })
  t.equal(
    announcementFor(call, setting, at, () => false),
    null,
  )
})

void t.test('when it is due: after music, and not to a caller who is kept for one agent', async (t) => {
  const call = callIn('waiting')
  const { since } = call
  t.notOk(isAnnouncementDue(call, setting, since + 19_999))
  t.ok(isAnnouncementDue(call, setting, since + 20_000))
  const told = { ...call, announced: { ...nothingAnnounced, count: 1, at: since + 20_000 } }
  t.notOk(isAnnouncementDue(told, setting, since + 79_999))
  t.ok(isAnnouncementDue(told, setting, since + 80_000))
  const again = { ...told, since: since + 75_000 }
  t.notOk(
    isAnnouncementDue(again, setting, since + 94_999),
    'after an offer that failed there is music first',
  )
  t.ok(isAnnouncementDue(again, setting, since + 95_000))
  const reading = { playback: callIn('greeting').playback, sounds: ['x'], until: since + minute }
  t.ok(mayHear(call))
  t.notOk(mayHear({ ...call, announcement: reading }))
  const reservedFor = { agent: callIn('ringing').offer.agent, until: since + minute }
  t.notOk(mayHear({ ...call, reservedFor }))
})

void t.test('a notice is heard once, by the callers of its queues', async (t) => {
  const call = callIn('waiting')
  const notice = {
    id: 1,
    text: 'Nu este apă pe strada Florilor.',
    queues: [],
    from: t0,
    until: t0 + minute,
    daily: null,
  }
  const other = { ...notice, id: 2, text: 'Casieria este închisă.', queues: [QueueId('taxes')] }
  const notices = [notice, other]
  const having = (...heard: number[]) => ({ ...call, announced: { ...nothingAnnounced, notices: heard } })
  const first = noticeFor(call, notices, all)
  t.same(first, { notice: 1, position: null, estimate: null, text: null, sounds: [noticeSound(notice)] })
  t.equal(noticeFor(having(1), notices, all), null, 'the other is for another queue')
  const moved = { ...having(1), queue: QueueId('taxes') }
  t.match(noticeFor(moved, notices, all), { notice: 2, sounds: [noticeSound(other)] })
  t.equal(noticeFor({ ...having(2, 1), queue: moved.queue }, notices, all), null)
  t.match(
    noticeFor({ ...call, queue: moved.queue }, notices, (sound) => sound !== noticeSound(notice)),
    { notice: 2 },
    'one without a sound yet holds up no other',
  )
  t.match(noticeSound(notice), /^notice-ro-/)
})

const texts = [
  { ro: 'Cereri se depun pe site.', en: 'Requests are sent by the web site.' },
  { ro: 'Actele se cer la ghișeu.' },
]
const soundIn = (language: 'ro' | 'en', nth: number) =>
  soundOf(language, texts[nth]?.[language] ?? '', 'waiting')
/** What a caller hears one after the other. */
function heardBy(
  language: 'ro' | 'en',
  by: AnnouncementSetting,
  times: number,
  hasSound: (sound: string) => boolean = all,
): (string | number | null)[] {
  let call = { ...callIn('waiting'), language }
  return Array.from({ length: times }, () => {
    const announcement = announcementFor(call, by, { position: 1, rate: null }, hasSound)
    if (announcement === null) return null
    const event = { type: 'AnnouncementMade', announcement } as const
    call = { ...as(step(call, event, t0, rules).call, 'waiting'), language, announcement: null }
    return announcement.text ?? `place ${announcement.position}`
  })
}

void t.test('own texts are heard in turn, with the place between two of them', async (t) => {
  const own = { ...setting, texts }
  t.same(heardBy('ro', own, 6), ['place 1', 0, 'place 1', 1, 'place 1', 0])
  t.same(heardBy('ro', { ...own, position: false }, 3), [0, 1, 0], 'the estimate is not known')
  t.same(heardBy('ro', { ...own, position: false, estimate: false }, 3), [0, 1, 0], 'texts alone')
  const call = { announced: { ...nothingAnnounced, isPlaceNext: false }, language: 'ro' as const }
  t.strictSame(announcementFor(call, own, { position: 1, rate }, all), {
    notice: null,
    position: null,
    estimate: null,
    text: 0,
    sounds: [soundIn('ro', 0)],
  })
})

void t.test('who has chosen English hears the texts that are written in English', async (t) => {
  const own = { ...setting, texts }
  t.same(heardBy('en', own, 4), ['place 1', 0, 'place 1', 0])
  t.same(heardBy('en', { ...own, texts: texts.slice(1) }, 2), ['place 1', 'place 1'])
  t.same(heardBy('en', { ...own, position: false, estimate: false, texts: texts.slice(1) }, 2), [null, null])
})

void t.test('a text without a sound gives its turn to the next one', async (t) => {
  const own = { ...setting, position: false, estimate: false, texts }
  const without = (missing: string) => (sound: string) => sound !== missing
  t.same(heardBy('ro', own, 2, without(soundIn('ro', 0))), [1, 1])
  t.same(
    heardBy('ro', own, 1, () => false),
    [null],
  )
})

void t.test('a queue that has fewer texts since begins anew', async (t) => {
  const announced = { ...nothingAnnounced, nextText: 7, isPlaceNext: false }
  const own = { ...setting, texts }
  t.match(announcementFor({ announced, language: 'ro' }, own, { position: 1, rate }, all), { text: 1 })
})
