import t from 'tap'
import { AgentId } from '../../../src/core/ids.ts'
import { measureCall } from '../../../src/http/live/call-metrics.ts'
import { createMetrics } from '../../../src/metrics.ts'
import { Story } from '../states.ts'

const ana = AgentId('ana')
const at = 1_000_000

async function valueOf(story: (story: Story) => readonly Parameters<typeof measureCall>[1][]) {
  const metrics = createMetrics()
  for (const event of story(new Story('pbx1-1.1', at))) measureCall(metrics, event)
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
  t.equal(value('linia_calls_total{outcome="answered",direction="inbound"}'), '1')
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
