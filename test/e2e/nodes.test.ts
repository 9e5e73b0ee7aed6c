/** Two nodes behind the front: one owns the line, and whatever becomes of it, the other takes over. */
import t from 'tap'
import type { Test } from 'tap'
import type { Readiness } from '../../src/http/nodes/readiness.ts'
import { hasTone, heardSince, tone } from '../support/audio.ts'
import { until } from '../support/until.ts'
import { openScene, transitions, type Scene } from './scene.ts'

const agentTone = 600
const citizenTone = 800
/** A machine that does other things, too: the figure itself is told, not asserted. */
const takeoverBoundMs = 12_000

async function readinessOf({ linia }: Scene, node: number): Promise<Readiness | null> {
  const port = linia.stack.ports.get(`api${node}`)
  const signal = AbortSignal.timeout(500)
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal }).catch(() => null)
  return answer === null ? null : ((await answer.json()) as Readiness)
}

/** The node that owns the line and takes calls. */
async function ownerOf(scene: Scene): Promise<number | null> {
  for (const node of [1, 2]) {
    const state = await readinessOf(scene, node)
    if (state?.role === 'owner' && state.ready) return node
  }
  return null
}

async function bothReady(scene: Scene): Promise<{ owner: number; standby: number }> {
  await until(async () => {
    const states = await Promise.all([1, 2].map((node) => readinessOf(scene, node)))
    return states.every((state) => state?.ready) && new Set(states.map((state) => state?.role)).size === 2
  }, 20_000)
  const owner = (await ownerOf(scene)) ?? 0
  return { owner, standby: 3 - owner }
}

/** Waits until the other node owns the line; says how long that took. */
async function takenOver(t: Test, scene: Scene, by: number, since: number, after: string): Promise<void> {
  await until(async () => {
    const state = await readinessOf(scene, by)
    return state?.role === 'owner' && state.ready
  }, takeoverBoundMs)
  t.comment(`taken over ${Math.round(performance.now() - since)} ms after ${after}`)
}

const shown = (scene: Scene) => [...scene.view.calls.values()]

/** One call talking, two waiting. */
async function busyLine(scene: Scene) {
  const seat = await scene.seat('agent01')
  const talkingCitizen = await scene.town.call({ callerId: '0722000940', speech: tone(citizenTone) })
  const talk = await seat.phone.answerNext(tone(agentTone))
  const waiters = []
  for (const callerId of ['0722000941', '0722000942']) {
    waiters.push(await scene.town.call({ callerId, speech: tone(citizenTone) }))
    await until(() => shown(scene).some((call) => call.caller === `+40${callerId.slice(1)}`))
  }
  await until(() => shown(scene).filter(({ phase }) => phase === 'talking').length === 1)
  return { seat, talkingCitizen, talk, waiters }
}

type Busy = Awaited<ReturnType<typeof busyLine>>

/** Nobody was lost: the conversation ends, who waits is served in order, all of it is on record once. */
async function allServed(
  t: Test,
  scene: Scene,
  { seat, talk, talkingCitizen, waiters }: Busy,
): Promise<void> {
  t.ok(hasTone(citizenTone, heardSince(talk.rtp, performance.now() - 500)), 'who talks goes on talking')
  t.ok(hasTone(agentTone, heardSince(talkingCitizen.rtp, performance.now() - 500)), 'both ways')
  await seat.api.act('hang-up')
  t.equal((await talkingCitizen.ended).ending, 'line hung up')
  const order: (string | null)[] = []
  for (const waiter of waiters) {
    const ring = await seat.phone.nextRing()
    order.push(ring.caller)
    const served = await ring.answer(tone(agentTone))
    await until(() => shown(scene).some(({ phase }) => phase === 'talking'))
    served.hangUp()
    await waiter.ended
  }
  t.same(
    order.map((caller) => caller?.slice(-1)),
    ['1', '2'],
    'in the order in which they came',
  )
  for (const last of [0, 1, 2]) {
    const call = await scene.record(`072200094${last}`)
    t.equal(call.outcome, 'answered')
    t.equal(new Set(call.events.map(({ seq }) => seq)).size, call.events.length, 'each transition once')
    t.equal(transitions(call).filter((type) => type === 'Bridged').length, 1)
  }
  await until(() => shown(scene).length === 0)
}

const twoNodes = { overrides: { NODES: '2' } }

t.test('kill -9 of the owner', { timeout: 60_000 }, async (t) => {
  const scene = await openScene(t, twoNodes)
  const { owner, standby } = await bothReady(scene)
  const busy = await busyLine(scene)
  scene.linia.kill(`server${owner}`)
  await takenOver(t, scene, standby, performance.now(), 'kill -9')
  await allServed(t, scene, busy)
})

t.test('the owner hangs, and wakes up as a zombie', { timeout: 60_000 }, async (t) => {
  const scene = await openScene(t, twoNodes)
  const { owner, standby } = await bothReady(scene)
  const busy = await busyLine(scene)
  scene.linia.kill(`server${owner}`, 'SIGSTOP')
  await takenOver(t, scene, standby, performance.now(), 'SIGSTOP')
  scene.linia.kill(`server${owner}`, 'SIGCONT')
  // It finds out by itself, and stands by in the same process.
  await until(async () => (await readinessOf(scene, owner))?.role === 'standby')
  t.equal(await ownerOf(scene), standby)
  await allServed(t, scene, busy)
  t.equal(await ownerOf(scene), standby, 'and the line has stayed where it is')
})
