/**
 * Calls that end before anybody speaks with the caller: malformed ones, ones that are cancelled at every moment, and far more than the
 * queue takes. Each has a defined end and a row.
 */
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import type { Static } from 'typebox'
import type { CallPage } from '../../../src/http/calls/wire.ts'
import { Api } from '../../../tools/demo/api.ts'
import { heardSince, loudness } from '../../support/sip/audio.ts'
import { openRawCaller, type RawCaller } from '../../support/sip/raw-caller.ts'
import { openTestDatabase } from '../../support/postgres.ts'
import { until } from '../../support/until.ts'
import { inForce } from '../in-force.ts'
import { onRecord } from '../on-record.ts'
import { publish } from '../publish.ts'
import { openScene, type Scene } from '../scene.ts'
import { cancelAtEveryMoment } from './cancelled-steps.ts'
import { hasHeardPrompt } from './heard-prompt.ts'

const callers = 300
const lineLengthMax = 50
/** Its calls are answered by the agent. */
const free = '0256408300'

t.test('calls that nobody serves', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t, {
    agents: 2,
    overrides: { LINE_LENGTH_MAX: String(lineLengthMax) },
    rtp: { from: 26_000, to: 26_999 },
  })
  const { linia } = scene
  const administrator = new Api(linia.url)
  await administrator.signIn(linia.account('admin01'))
  await publish(administrator, ({ numbers, ...document }) => ({
    ...document,
    numbers: [...numbers, { number: free, also: [], name: 'Gratuit', queue: 'general', answer: 'agent' }],
  }))
  await inForce(linia)
  const caller = await openRawCaller(t, linia.sip)
  let malformed = 0
  await t.test('malformed calls', async (t) => {
    malformed = await placeMalformed(t, scene, caller)
  })

  const agent = await scene.deskAgent('agent01')
  const cancelled: string[] = []
  for (const [answer, number] of [
    ['queue', '969'],
    ['agent', free],
  ] as const)
    await t.test(`CANCEL at every moment, answered by the ${answer}`, async (t) => {
      cancelled.push(...(await cancelAtEveryMoment(t, { scene, agent, caller, number })))
    })

  const crowdAt = new Date().toISOString()
  await agent.api.setState({ state: 'paused', reason: 'break' })
  await until(() => scene.view.agents.get(agent.id)?.state === 'paused')
  await t.test('300 calls at once', (t) => crowd(t, scene))
  await t.test('each of those before the crowd is on record', async (t) => {
    const before = async () =>
      (await scene.board.get<Static<typeof CallPage>>(`/api/calls?limit=100&to=${crowdAt}`)).items.filter(
        ({ outcome }) => outcome !== null,
      )
    const ofCancelled = async () =>
      (await before()).filter(({ caller: number }) => cancelled.includes(number?.replace('+4', '') ?? ''))
    const refused = async () => (await before()).find(({ line }) => line === '112233')
    // Calls that the server never saw are imported from CEL half a minute later; the refused one is only there.
    await until(
      async () => (await ofCancelled()).length === cancelled.length && (await refused()) !== undefined,
    )
    t.same(new Set((await ofCancelled()).map(({ outcome }) => outcome)), new Set(['abandoned']))
    t.match(await refused(), { outcome: 'rejected', queue: null, queuedAt: null, agent: null })
    t.ok((await before()).length > malformed + cancelled.length, 'each call from the trunk has a row')
  })
})

/** Answers how many of the calls were taken. */
async function placeMalformed(t: Test, scene: Scene, caller: RawCaller): Promise<number> {
  const fromHeaders = {
    anonymous: '"Anonymous" <sip:anonymous@anonymous.invalid>',
    empty: '<sip:test>',
    'very long': `"${'Ș'.repeat(300)}" <sip:${'7'.repeat(250)}@test>`,
    'with control characters': '"a\u0007b\u001bc" <sip:0722%0d%0aAction%3a000951@test>',
    'with a script': '"<b>x</b>;${SHELL(id)}" <sip:0722000952@test>',
  }
  let calls = 0
  for (const [what, from] of Object.entries(fromHeaders)) {
    const call = caller.invite({ from })
    const status = await call.final
    t.ok(status === 200 || status === 400, `caller id ${what}: ${status}`)
    if (status !== 200) continue
    calls += 1
    await until(() => scene.view.calls.size === 1)
    const [shown] = scene.view.calls.values()
    t.notMatch(
      `${shown?.caller} ${shown?.callerName}`,
      /[\p{Cc}<>${}()%]/u,
      'harmful characters are filtered out',
    )
    call.bye()
    await until(() => scene.view.calls.size === 0)
  }
  await t.test('an INVITE without SDP is a normal call', async (t) => {
    const call = caller.invite({ withSdp: false })
    t.equal(await call.final, 200)
    calls += 1
    await until(() => scene.view.calls.size === 1)
    call.bye()
    await until(() => scene.view.calls.size === 0)
  })
  await t.test('an unknown number is refused', async (t) => {
    t.equal(await caller.invite({ number: '112233' }).final, 404)
  })
  await t.test('an INVITE from an unknown address is refused', async (t) => {
    const stranger = await openRawCaller(t, scene.linia.sip, '127.0.0.3')
    t.ok([401, 403].includes(await stranger.invite().final))
    t.equal(scene.view.calls.size, 0)
  })
  await until(async () => (await onRecord(scene)).filter(({ outcome }) => outcome !== null).length >= calls)
  for (const { caller: number } of await onRecord(scene))
    t.ok(number === null || number.length <= 40, 'its number is bounded')
  return calls
}

async function crowd(t: Test, scene: Scene): Promise<void> {
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
  const { phone } = await scene.deskAgent('agent02')
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
  const ofCrowd = db.selectFrom('calls').innerJoin('callers', 'callers.call', 'calls.id')
  const outcomes = async () => {
    const rows = await ofCrowd.select('outcome').where('callers.number', 'like', '+40733%').execute()
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
  const heard = citizens.flatMap((citizen, index) =>
    numbers.has(`+4${numberOf(index)}`) && loudness(heardSince(citizen.rtp, 0)) > 0.005
      ? [{ citizen, number: numberOf(index) }]
      : [],
  )
  t.equal(heard.length, announced.length, 'the announcement is audible')
  const [one] = heard
  if (one === undefined) throw new Error('nobody has heard the announcement')
  t.ok(await hasHeardPrompt(scene.linia, one.citizen, 'line-full'))
  t.notOk(await hasHeardPrompt(scene.linia, one.citizen, 'waited-too-long'))
  t.match(await scene.record(one.number), { outcome: 'rejected', queuedAt: null })
}
