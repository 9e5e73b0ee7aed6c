/** A caller beyond `CALLS_MAX`: Asterisk refuses the call by itself, before its dialplan runs. */
import { readFile } from 'node:fs/promises'
import t from 'tap'
import { celColumns } from '../../src/asterisk/config/cel-columns.ts'
import { PbxName } from '../../src/core/ids.ts'
import { celSummary } from '../../src/ledger/cel/cel-call.ts'
import { rowsOf } from '../../src/ledger/cel/rows.ts'
import { CelStory } from '../../src/ledger/cel/story.ts'
import { setScene } from '../support/pbx/pbx-scene.ts'
import { caller } from '../support/sip/sipp.ts'
import { until } from '../support/until.ts'

const bounds = { lineLengthMax: 100, waitMaxMs: 60_000, closingGraceMs: 0, callsMax: 1 }
const scene = await setScene(t, [], { answer: 'queue', bounds })
const talks = `${caller.invite()}${caller.answered}${caller.ack}${caller.hungUp}`

void t.test('a call beyond the bound hears 503, and the next one is taken', async (t) => {
  const first = await scene.call(t, talks)
  const refused = await scene.dial(t, `${caller.invite()}${caller.refused(503)}`)
  t.equal(await refused.done, 0)
  await scene.pbx.perform({ do: 'HangUp', channel: first.channel, as: 'normal' })
  t.equal(await first.run.done, 0)

  const next = await scene.call(t, talks)
  await scene.pbx.perform({ do: 'HangUp', channel: next.channel, as: 'normal' })
  t.equal(await next.run.done, 0)

  await until(async () => (await onRecord()).length === 3)
  const outcomes = (await onRecord()).map(({ line, outcome }) => [line, outcome])
  t.strictSame(outcomes[1], ['969', 'rejected'])
})

/** The calls that have ended, as the record tells them, in order of arrival. */
async function onRecord() {
  const story = new CelStory()
  const written = await readFile(scene.asterisk.layout.celFile)
  for (const { row, offset } of rowsOf(written, celColumns).rows)
    story.add(row, { file: '', position: offset })
  const facts = { pbx: PbxName('pbx1'), caller: { number: null, name: null }, agent: null }
  return story.over(Infinity).map((call) => celSummary(call, facts, null))
}
