/** A system with two nodes, each with its own cuttable connections, and the checks after a takeover. */
import type { Test } from 'tap'
import type { Readiness } from '../../../src/http/nodes/wire.ts'
import { type Api, ApiRefused, unlessRefused } from '../../../tools/demo/api.ts'
import { hasTone, heardSince, tone } from '../../support/sip/audio.ts'
import { layCable, type Cable } from '../../support/cable.ts'
import { openPassage, type Passage } from '../../support/passage.ts'
import { readinessOf, type LiniaOptions } from '../../support/stack.ts'
import { until } from '../../support/until.ts'
import { openScene, transitions, type DeskAgent, type Scene } from '../scene.ts'

const agentTone = 600
const citizenTone = 800
export interface Cables {
  readonly redis: Cable
  readonly ari: Cable
  readonly ami: Cable
}

export interface TwoNodes extends Scene {
  readonly cables: ReadonlyMap<number, Cables>
  /** Before the tests' PostgreSQL; null where the system has its own. */
  readonly database: Passage | null
  /** Waits until one node is owner and the other standby. */
  bothReady(): Promise<{ readonly owner: number; readonly standby: number }>
  /** Null: no answer. */
  readinessOf(node: number): Promise<Readiness | null>
  /** Waits until one of these nodes is owner and takes calls; prints the time. */
  takenOver(by: readonly number[], since: number, after: string): Promise<void>
}

export async function openTwoNodes(t: Test, options: LiniaOptions = {}): Promise<TwoNodes> {
  const cables = new Map<number, Cables>()
  let database: Passage | null = null
  const scene = await openScene(t, {
    ...options,
    overrides: { ...options.overrides, NODES: '2' },
    nodeEnvironment: async (node, common) => {
      const own = {
        redis: await layCable(t, farEnd(common, 'REDIS_URL')),
        ari: await layCable(t, farEnd(common, 'ARI_URL')),
        ami: await layCable(t, farEnd(common, 'AMI_URL')),
      }
      cables.set(node, own)
      if (options.ownDatabase !== true) database ??= await openPassage(t, farEnd(common, 'DATABASE_URL'))
      return {
        ...(database === null ? {} : throughPassage(common, database)),
        REDIS_URL: through(common, 'REDIS_URL', own.redis),
        ARI_URL: through(common, 'ARI_URL', own.ari),
        AMI_URL: through(common, 'AMI_URL', own.ami),
      }
    },
  })

  const readiness = (node: number) => readinessOf(scene.linia, node)
  const owns = async (node: number): Promise<boolean> => {
    const state = await readiness(node)
    return state?.role === 'owner' && state.ready
  }

  return {
    ...scene,
    cables,
    database,
    readinessOf: readiness,
    async bothReady() {
      let owner = 0
      await until(async () => {
        const states = await Promise.all([1, 2].map(readiness))
        owner = states.findIndex((state) => state?.role === 'owner' && state.ready) + 1
        const standby = states.find((state) => state?.role === 'standby' && state.ready)
        return owner > 0 && standby?.owner === `node${owner}`
      })
      return { owner, standby: 3 - owner }
    },
    async takenOver(by, since, after) {
      await until(async () => (await Promise.all(by.map(owns))).includes(true))
      t.comment(`taken over ${Math.round(performance.now() - since)} ms after ${after}`)
    },
  }
}

function farEnd(common: Readonly<Record<string, string>>, name: string) {
  const { hostname, port } = new URL(common[name] ?? '')
  return { host: hostname, port: Number(port) }
}

const throughPassage = (common: Readonly<Record<string, string>>, passage: Passage) => ({
  DATABASE_URL: through(common, 'DATABASE_URL', passage),
  RETENTION_DATABASE_URL: through(common, 'RETENTION_DATABASE_URL', passage),
})

function through(
  common: Readonly<Record<string, string>>,
  name: string,
  cable: { readonly port: number },
): string {
  return (common[name] ?? '').replace(/:\d+(?=\/|$)/, `:${cable.port}`)
}

export const shown = (scene: Scene) => [...scene.view.calls.values()]

/** One call talking, two waiting. The agent is ready; the callers' numbers have this digit. */
export async function placeThreeCalls(scene: Scene, deskAgent: DeskAgent, tens: number) {
  const numbers = [0, 1, 2].map((last) => `07220009${tens}${last}`)
  const [talker = '', ...others] = numbers
  const talkingCitizen = await scene.town.call({ callerId: talker, speech: tone(citizenTone) })
  const talk = await deskAgent.phone.answerNext(tone(agentTone))
  const waiters = []
  for (const callerId of others) {
    waiters.push(await scene.town.call({ callerId, speech: tone(citizenTone) }))
    await until(() => shown(scene).some((call) => call.caller === `+4${callerId}`))
  }
  await until(() => shown(scene).filter(({ phase }) => phase === 'talking').length === 1)
  return { numbers, deskAgent, talkingCitizen, talk, waiters }
}

/** False: the front still led to the node that had lost the line; an agent would press again. */
const hangsUp = (api: Api): Promise<boolean> =>
  api.act('hang-up').then(
    () => true,
    (error: unknown) => {
      unlessRefused(error, 409, 503)
      // Refused because the call has ended: the first one was carried out.
      return error instanceof ApiRefused && error.status === 409
    },
  )

/** No call was lost: the conversation ends normally, waiting callers are served in order, each call is recorded once. */
export async function allServed(
  t: Test,
  scene: Scene,
  { numbers, deskAgent, talk, talkingCitizen, waiters }: Awaited<ReturnType<typeof placeThreeCalls>>,
): Promise<void> {
  await until(() => hasTone(citizenTone, heardSince(talk.rtp, performance.now() - 500)))
  await until(() => hasTone(agentTone, heardSince(talkingCitizen.rtp, performance.now() - 500)))
  t.pass('the conversation continues')
  await until(() => hangsUp(deskAgent.api))
  t.equal((await talkingCitizen.ended).ending, 'line hung up')
  const talks = () => shown(scene).some(({ phase }) => phase === 'talking')
  // The board may still be reconnecting after the loss of its node.
  await until(() => !talks())
  const order: (string | null)[] = []
  for (const waiter of waiters) {
    const ring = await deskAgent.phone.nextRing()
    order.push(ring.caller)
    const served = await ring.answer(tone(agentTone))
    await until(talks)
    served.hangUp()
    await waiter.ended
    await until(() => !talks())
  }
  t.same(
    order.map((caller) => caller?.slice(-1)),
    ['1', '2'],
    'in order of arrival',
  )
  for (const number of numbers) {
    // What a node had read of the events when it was cut off, another writes some seconds later.
    const call = await scene.record(number, (found) => transitions(found).includes('Bridged'))
    t.equal(call.outcome, 'answered')
    t.equal(new Set(call.events.map(({ seq }) => seq)).size, call.events.length, 'each transition once')
    t.equal(transitions(call).filter((type) => type === 'Bridged').length, 1)
  }
  await until(() => shown(scene).length === 0)
  await until(() => scene.view.agents.get(deskAgent.id)?.state === 'ready')
}
