/** Every node serves the web: desks, boards and pages work at any node, owner or not. */
import t from 'tap'
import type { Static } from 'typebox'
import type { CallPage } from '../../../src/http/calls/wire.ts'
import { Api } from '../../../tools/demo/api.ts'
import { FeedClient } from '../../http/live/feed-client.ts'
import { tone } from '../../support/sip/audio.ts'
import { openTestPhone } from '../../support/sip/desk-phone.ts'
import { until } from '../../support/until.ts'
import { openTwoNodes, shown } from './two-nodes.ts'

/** A loose bound for busy machines; the value is printed. */
const answersWithinMs = 20_000

t.test('two nodes share the web', { timeout: 1_500_000 }, async (t) => {
  const scene = await openTwoNodes(t)
  const { linia, view } = scene
  const { owner, standby } = await scene.bothReady()
  const urlOf = (node: number) => `http://127.0.0.1:${linia.stack.ports.get(`api${node}`)}`

  await t.test('a desk works at the standby node', async (t) => {
    const account = linia.account('agent01')
    const api = new Api(urlOf(standby))
    const { id } = await api.signIn(account)
    const state = () => view.agents.get(id)?.state
    await until(() => state() === 'paused')
    const { username = '', password = '' } = account.phone ?? {}
    const phone = await openTestPhone(t, { server: linia.sip, username, password })
    await phone.register()
    await until(() => view.agents.get(id)?.phones.desk === true)
    await api.setState({ state: 'ready' })
    await until(() => state() === 'ready')
    const citizen = await scene.town.call({ callerId: '0722000980' })
    await phone.answerNext(tone(600))
    await until(() => shown(scene).some(({ phase }) => phase === 'talking'))
    await api.act('hold')
    await until(() => shown(scene).some(({ phase }) => phase === 'held'))
    await api.act('resume')
    await until(() => shown(scene).some(({ phase }) => phase === 'talking'))
    await api.act('hang-up')
    t.equal((await citizen.ended).ending, 'line hung up')
    await t.rejects(api.act('hang-up'), { code: 'not-in-a-call' }, 'a refusal is passed on')
    await api.signOut()
    await until(() => state() === 'signed out')
  })

  await t.test('a feed resumes at another node without a gap', async (t) => {
    const board = new Api(urlOf(owner))
    await board.signIn(linia.account('supervisor02'))
    const here = await FeedClient.open(`${urlOf(owner)}/api/live`, board.headers())
    t.teardown(() => here.close())
    await here.next('snapshot')
    const first = await scene.town.call({ callerId: '0722000981' })
    await here.next('call', ({ caller }) => caller === '+40722000981')
    const lastSeen = here.lastEventId ?? ''
    here.close()
    const missed = await scene.town.call({ callerId: '0722000982' })
    await until(() => shown(scene).length === 2)
    const headers = { ...board.headers(), 'last-event-id': lastSeen }
    const there = await FeedClient.open(`${urlOf(standby)}/api/live`, headers)
    t.teardown(() => there.close())
    await there.next('call', ({ caller }) => caller === '+40722000982')
    t.notOk(
      there.seen.some(({ name }) => name === 'snapshot'),
      'only the missed events',
    )
    for (const citizen of [first, missed]) citizen.hangUp()
    await until(() => shown(scene).length === 0)
  })

  await t.test('requests are answered while a node dies', async (t) => {
    const asking = { on: true, answered: 0, longestMs: 0 }
    const ask = async () => {
      while (asking.on) {
        const since = performance.now()
        await scene.board.get<Static<typeof CallPage>>('/api/calls?limit=1')
        asking.answered += 1
        asking.longestMs = Math.max(asking.longestMs, performance.now() - since)
      }
    }
    const browsers = [ask(), ask(), ask()]
    linia.kill(`server${standby}`, 'SIGSTOP')
    await until(() => asking.answered > 200)
    linia.kill(`server${standby}`)
    await until(() => asking.answered > 600)
    asking.on = false
    await Promise.all(browsers)
    t.comment(`${asking.answered} answers, the longest after ${Math.round(asking.longestMs)} ms`)
    t.ok(asking.longestMs < answersWithinMs)
  })
})
