/** A dry run of a caller who waits: the notices that they hear, and their leaving the queue before the end of the wait. */
import t from 'tap'
import type { CallerNotice } from '../../../src/core/announcements/caller-notice.ts'
import { dryRun } from '../../../src/core/configuration/dry-run.ts'
import { firstConfiguration } from '../../../src/core/configuration/line.ts'
import type { AnswerAt, QueueSetting } from '../../../src/core/configuration/schema.ts'
import { QueueId } from '../../../src/core/ids.ts'
import { atLocal } from '../../../src/core/local-time.ts'
import { rules } from '../samples.ts'

const at = atLocal('2026-12-04', 10 * 60)
const callback = { afterSeconds: 300, standingMax: 20 }

/** The steps of a caller of 969, who waits for an hour at most. */
function told(
  queue: Partial<QueueSetting>,
  waitMaxMs = 3_600_000,
  answer: AnswerAt = 'queue',
  notices: readonly CallerNotice[] = [],
): string[] {
  const configuration = {
    ...firstConfiguration,
    queues: [
      ...firstConfiguration.queues.map((one) => ({ ...one, ...queue })),
      { id: 'taxes', name: 'Taxe', skill: 'taxes', levelMin: 1, priority: 20 },
    ],
  }
  const settings = {
    rules: { ...rules, greeting: false, waitMaxMs, answer },
    closedOn: () => new Set<string>(),
    notices: () => notices,
    lineHours: { kind: 'always' as const },
    textOf: () => '',
  }
  return dryRun(configuration, { number: '969', at, keys: [], isBlocked: false }, settings)
    .slice(2)
    .map((one) => (one.step === 'own announcement' || one.step === 'notice' ? one.says : one.step))
}

void t.test('the notices of the queue and of the hour are heard', (t) => {
  const minute = 60_000
  const all = { from: at - minute, until: at + minute, daily: null, queues: [] }
  const ofQueue = (...queues: string[]) => ({ ...all, queues: queues.map(QueueId) })
  const notices = [
    { ...all, id: 1, text: 'tuturor' },
    { ...ofQueue('general', 'taxes'), id: 2, text: 'și acestei cozi' },
    { ...ofQueue('taxes'), id: 3, text: 'altei cozi' },
    { ...all, until: at, id: 4, text: 'încheiat' },
    { ...all, from: at + 1, id: 5, text: 'planificat' },
    { ...all, daily: { from: 11 * 60, to: 12 * 60 }, id: 6, text: 'la altă oră' },
  ]
  t.same(told({}, undefined, undefined, notices), ['tuturor', 'și acestei cozi', 'waited too long'])
  t.end()
})

void t.test('who is told how to leave a message waits no more', (t) => {
  t.same(told({ callback }), ['callback question', 'waited too long'])
  const voicemail = { voicemail: true as const, afterSeconds: 60 }
  t.same(told({ callback, overflow: voicemail }), ['overflow'])
  t.same(told({ callback, overflow: { ...voicemail, afterSeconds: 400 } }), ['overflow', 'callback question'])
  t.same(told({ callback, overflow: { ...voicemail, afterSeconds: 3_600 } }), [
    'callback question',
    'waited too long',
  ])
  const { afterSeconds: _after, ...whenFull } = { ...voicemail, whenWaiting: 5 }
  t.same(told({ overflow: whenFull }), ['overflow', 'waited too long'], 'only where many wait')
  t.end()
})

void t.test('who goes on to another queue is asked nothing more in this one', (t) => {
  const overflow = { to: 'taxes', afterSeconds: 60 }
  t.same(told({ callback, overflow }), ['overflow', 'waited too long'])
  const asked = { callback: true as const, afterSeconds: 60 }
  t.same(told({ callback, overflow: asked }), ['overflow', 'callback question', 'waited too long'])
  t.end()
})

void t.test('each own announcement has its turn, between the places', (t) => {
  const texts = [{ ro: 'Unu.' }, { ro: 'Doi.' }, { ro: 'Trei.' }]
  const announce = { position: false, estimate: false, firstAfterSeconds: 20, everySeconds: 60, texts }
  t.same(told({ announce }), ['Unu.', 'Doi.', 'Trei.', 'waited too long'])
  t.same(told({ announce }, 140_000), ['Unu.', 'Doi.', 'waited too long'], 'the third one comes at 140 s')
  t.same(told({ announce }, 141_000).length, 4)
  const withPlace = { ...announce, position: true }
  t.same(
    told({ announce: withPlace }, 141_000),
    ['Unu.', 'waited too long'],
    'the place is said at 20 s and 140 s',
  )
  t.end()
})

void t.test('a number without a menu may wait unanswered', (t) => {
  t.same(told({}, 3_600_000, 'agent'), ['queue', 'waited too long'])
  t.end()
})
