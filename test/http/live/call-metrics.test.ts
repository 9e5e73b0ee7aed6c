import t from 'tap'
import { AgentId } from '../../../src/core/ids.ts'
import { measureCall, measureTargets } from '../../../src/http/live/call-metrics.ts'
import { createMetrics } from '../../../src/metrics.ts'
import { queue } from '../../core/samples.ts'
import { Story } from '../states.ts'

const ana = AgentId('ana')
const at = 1_000_000
const judged = { targetOf: () => ({ percent: 90, withinMs: 30_000 }), shortAbandonMs: 5_000 }

async function valueOf(story: (story: Story) => readonly Parameters<typeof measureCall>[1][]) {
  const metrics = createMetrics()
  for (const event of story(new Story('pbx1-1.1', at))) measureCall(metrics, event, judged)
  const lines = (await metrics.registry.metrics()).split('\n')
  return (name: string) => lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1)
}

await t.test('an answered call has waited, rung and talked', async (t) => {
  const value = await valueOf((story) => {
    const ringing = story.rings(ana, at + 5_000)
    const picked = story.talks(ana, at + 8_000)
    if (ringing.after.phase !== 'ringing') throw new Error('it rings')
    const { offer } = ringing.after
    const connecting = {
      ...picked,
      event: { type: 'AgentAnswered', offer: offer.id },
      after: { ...picked.after, phase: 'connecting', offer, pickedUpAt: at + 8_000 },
    } as unknown as typeof picked
    return [story.waits(at + 1_000), ringing, connecting, picked, story.ends(at + 68_000, 'answered', ana)]
  })
  t.equal(value('linia_ring_seconds_sum{queue="general"}'), '3')
  t.equal(value('linia_wait_seconds_count{queue="general",outcome="answered"}'), '1')
  t.equal(value('linia_talk_seconds_sum{queue="general"}'), '60')
  t.equal(value('linia_service_level_calls_total{queue="general",in_time="yes"}'), '1')
  t.equal(value('linia_calls_total{outcome="answered",direction="inbound"}'), '1')
})

await t.test('a survey is no talk', async (t) => {
  const value = await valueOf((story) => [
    story.waits(at + 1_000),
    story.rings(ana, at + 5_000),
    story.talks(ana, at + 8_000),
    story.surveyed(at + 68_000),
    story.ends(at + 90_000, 'answered', ana),
  ])
  t.equal(value('linia_talk_seconds_sum{queue="general"}'), '60')
})

await t.test('one who hangs up has waited, and has not talked', async (t) => {
  const value = await valueOf((story) => [story.waits(at + 1_000), story.ends(at + 31_000, 'abandoned')])
  t.equal(value('linia_wait_seconds_sum{queue="general",outcome="abandoned"}'), '31')
  t.equal(value('linia_talk_seconds_count{queue="general"}'), undefined)
})

await t.test('one who hangs up during the greeting was in no queue', async (t) => {
  const value = await valueOf((story) => {
    const end = story.ends(at + 2_000, 'abandoned')
    return [{ ...end, after: { ...end.after, queuedAt: null } as typeof end.after }]
  })
  t.equal(value('linia_wait_seconds_count{queue="general",outcome="abandoned"}'), undefined)
  t.equal(value('linia_calls_total{outcome="abandoned",direction="inbound"}'), '1')
})

await t.test('one who has the place of a callback has waited from their own call on', async (t) => {
  const value = await valueOf((story) =>
    [story.waits(at), story.talks(ana, at + 8_000), story.ends(at + 68_000, 'answered', ana)].map(
      (event) => ({ ...event, after: { ...event.after, queuedAt: at - 57 * 3_600_000 } }),
    ),
  )
  t.equal(value('linia_wait_seconds_sum{queue="general",outcome="answered"}'), '8')
  t.equal(value('linia_service_level_calls_total{queue="general",in_time="yes"}'), '1')
})

await t.test('calls count in the service level as the board counts them', async (t) => {
  const [yes, no] = ['yes', 'no'].map(
    (said) => `linia_service_level_calls_total{queue="general",in_time="${said}"}`,
  )
  if (yes === undefined || no === undefined) throw new Error('two rows')
  const late = await valueOf((story) => [
    story.waits(at + 1_000),
    story.talks(ana, at + 31_001),
    story.ends(at + 68_000, 'answered', ana),
  ])
  t.same([late(yes), late(no)], [undefined, '1'], 'answered beyond the queue’s time')
  const left = await valueOf((story) => [story.waits(at), story.ends(at + 5_001, 'abandoned')])
  t.equal(left(no), '1')
  const short = await valueOf((story) => [story.waits(at), story.ends(at + 5_000, 'abandoned')])
  t.same([short(yes), short(no)], [undefined, undefined], 'a short abandon is in no percentage')
  const promised = await valueOf((story) => [story.waits(at), story.ends(at + 60_000, 'callback')])
  t.same([promised(yes), promised(no)], [undefined, undefined], 'nor is one who will be called back')
  const message = await valueOf((story) => [story.waits(at), story.ends(at + 60_000, 'voicemail')])
  t.same([message(yes), message(no)], [undefined, undefined], 'nor one who has left a message')
})

await t.test('each queue has its target', async (t) => {
  const metrics = createMetrics()
  measureTargets(metrics, { ...judged, queues: () => [queue] })
  const lines = (await metrics.registry.metrics()).split('\n')
  t.ok(lines.includes(`linia_service_level_target_ratio{queue="${queue.id}"} 0.9`))
  t.ok(lines.includes(`linia_service_level_target_seconds{queue="${queue.id}"} 30`))
})
