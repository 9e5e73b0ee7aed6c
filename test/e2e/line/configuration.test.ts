/** A configuration that is published at one node acts on the next call, whichever node owns, and while PostgreSQL is away. */
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import type { Configuration } from '../../../src/core/configuration/schema.ts'
import type { PublishedConfiguration } from '../../../src/http/configuration/wire.ts'
import { dateAt } from '../../../src/core/local-time.ts'
import { Api } from '../../../tools/demo/api.ts'
import { until } from '../../support/until.ts'
import { openTwoNodes, shown } from './two-nodes.ts'

/** "In force within a second" (docs/decisions/0050-the-configuration-is-one-document.md). */
const inForceMs = 1_000
const dayMs = 86_400_000

t.test('a number that is closed by a publication', { timeout: 1_500_000 }, async (t) => {
  const scene = await openTwoNodes(t, { agents: 1, ownDatabase: true })
  const { linia } = scene
  const administrator = linia.accounts.find(({ role }) => role === 'administrator')
  if (administrator === undefined) throw new Error('no administrator')
  const apiOf = async (node: number) => {
    const api = new Api(`http://127.0.0.1:${linia.stack.ports.get(`api${node}`)}`)
    await api.signIn(administrator)
    return api
  }
  const publish = async (node: number, document: Configuration, reason: string) => {
    const api = await apiOf(node)
    const { id: basedOn } = await api.get<PublishedConfiguration>('/api/configuration')
    await api.ask('POST', '/api/configuration/versions', { document, basedOn, reason })
    await pause(inForceMs)
  }
  const turnedAway: string[] = []
  const isTurnedAway = async (callerId: string, when: string) => {
    turnedAway.push(callerId)
    const citizen = await scene.town.call({ callerId })
    t.match(await citizen.ended, { ending: 'line hung up' }, when)
  }

  const { owner, standby } = await scene.bothReady()
  const before = await (await apiOf(standby)).get<PublishedConfiguration>('/api/configuration')
  const closedDays = {
    id: 'avarie',
    name: 'Avarie',
    weekly: 'always',
    holidays: 'open' as const,
    dates: [0, 1].map((days) => ({ date: dateAt(Date.now() + days * dayMs), hours: 'closed' })),
  }
  const closed: Configuration = {
    ...before.document,
    numbers: before.document.numbers.map((number) => ({ ...number, hours: closedDays.id })),
    hours: [...before.document.hours, closedDays],
  }
  await publish(standby, closed, 'avarie la centrală')
  await isTurnedAway('0722000961', 'published at the standby node')

  linia.kill(`server${owner}`)
  await scene.takenOver([1, 2], performance.now(), 'kill -9')
  await isTurnedAway('0722000962', 'at the next owner')
  await scene.bothReady()

  const postgres = linia.stack.parts.get('postgres')
  await postgres?.stop()
  await isTurnedAway('0722000963', 'PostgreSQL is away')
  for (const node of [1, 2]) linia.kill(`server${node}`)
  const killedAt = performance.now()
  const states = () => Promise.all([1, 2].map((node) => scene.readinessOf(node)))
  await until(async () => (await states()).every((state) => state === null))
  await until(async () => (await states()).some((state) => state?.role === 'owner' && state.ready))
  t.comment(`ready ${Math.round(performance.now() - killedAt)} ms after kill -9 of both, without PostgreSQL`)
  await isTurnedAway('0722000964', 'both nodes began without PostgreSQL')
  await postgres?.start()

  for (const callerId of turnedAway)
    t.match(await scene.record(callerId), { outcome: 'closed', queuedAt: null }, callerId)

  const { standby: other } = await scene.bothReady()
  await publish(other, before.document, 'avaria s-a terminat')
  const citizen = await scene.town.call({ callerId: '0722000965' })
  await until(() => shown(scene).some(({ phase }) => phase === 'waiting'))
  citizen.hangUp()
  t.match(await scene.record('0722000965'), { outcome: 'abandoned' })
})
