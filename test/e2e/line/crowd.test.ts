/** Far more callers than the queue takes: each call has a defined end and a row. */
import { sql } from 'kysely'
import t from 'tap'
import { heardSince, loudness } from '../../support/sip/audio.ts'
import { until } from '../../support/until.ts'
import { openScene } from '../scene.ts'
import { openTestDatabase } from '../../support/postgres.ts'

const callers = 300
const lineLengthMax = 50

t.test('300 calls at once', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t, {
    overrides: { LINE_LENGTH_MAX: String(lineLengthMax) },
    rtp: { from: 26_000, to: 26_999 },
  })
  const numberOf = (index: number) => `0733${String(index).padStart(6, '0')}`
  const citizens = await Promise.all(
    Array.from({ length: callers }, (_, index) =>
      scene.town.call({ callerId: numberOf(index), keepMs: 20_000 }),
    ),
  )
  const turnedAway: (typeof citizens)[number][] = []
  for (const citizen of citizens) {
    const noteEnd = async () => {
      await citizen.ended
      turnedAway.push(citizen)
    }
    void noteEnd()
  }
  await until(() => turnedAway.length >= callers - lineLengthMax)
  await until(() => scene.view.calls.size <= lineLengthMax)
  t.equal(scene.view.calls.size, lineLengthMax, 'the queue is full and not longer')
  t.equal(turnedAway.length, callers - lineLengthMax)

  // One agent still serves the first waiting callers.
  const { phone } = await scene.deskAgent('agent01')
  const talk = await phone.answerNext(null)
  await until(() => [...scene.view.calls.values()].some(({ phase }) => phase === 'talking'))
  talk.hangUp()
  await phone.close()
  for (const citizen of citizens) citizen.hangUp()
  const endings = Map.groupBy(
    await Promise.all(citizens.map((citizen) => citizen.ended)),
    ({ ending }) => ending,
  )
  t.strictSame(endings.get('failed') ?? [], [], 'no call failed')

  const db = openTestDatabase(scene.linia.databaseUrl)
  t.teardown(() => db.destroy())
  const outcomes = async () => {
    const rows = await db.selectFrom('calls').select('outcome').execute()
    return Map.groupBy(rows, ({ outcome }) => outcome)
  }
  // Calls refused by the dialplan are imported from CEL half a minute later.
  await until(async () => [...(await outcomes()).values()].flat().length >= callers)
  const found = await outcomes()
  t.equal(found.get('rejected')?.length, callers - lineLengthMax)
  t.equal(found.get('answered')?.length, 1)
  t.equal(found.get('abandoned')?.length, lineLengthMax - 1)

  const announced = await db
    .selectFrom('call_events as arrival')
    .innerJoin('callers', 'callers.call', 'arrival.call')
    .select('callers.number')
    .where('arrival.seq', '=', 1)
    .where(sql`arrival.after ->> 'phase'`, '=', 'dismissing')
    .execute()
  t.ok(announced.length >= lineLengthMax / 2, `${announced.length} heard the announcement`)
  t.ok(announced.length < turnedAway.length, 'the others were rejected as busy')
  const numbers = new Set(announced.map(({ number }) => number))
  const heard = citizens.filter(
    ({ rtp }, index) => numbers.has(`+4${numberOf(index)}`) && loudness(heardSince(rtp, 0)) > 0.005,
  )
  t.equal(heard.length, announced.length, 'the announcement is audible')
})
