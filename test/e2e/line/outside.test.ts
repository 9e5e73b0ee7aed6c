/**
 * An agent asks a party outside the contact centre, brings them in and gives them the caller: who hears whom in each state, and
 * after a kill of the server in it.
 */
import t from 'tap'
import type { RtpEnd } from '../../../tools/demo/calls/rtp.ts'
import { gapsSince, heardBy, heardSince, loudness, tone } from '../../support/sip/audio.ts'
import { until } from '../../support/until.ts'
import { openSceneWithOutside } from './outside-end.ts'

const tones = { caller: 800, agent: 600, external: 1_300 }
type Party = keyof typeof tones
const callerId = '0722000961'
const contact = 'stare-civila'
/** Audio must not depend on the server: a longer gap is more than a stalled machine. */
const goesOnMs = 3_000

t.test('a party outside is asked, brought in, and given the caller', { timeout: 1_500_000 }, async (t) => {
  const { scene, outside: office } = await openSceneWithOutside(t, { WRAP_UP_MS: '500' })
  const agent = await scene.deskAgent('agent01')
  const citizen = await scene.town.call({ callerId, speech: tone(tones.caller) })
  const talk = await agent.phone.answerNext(tone(tones.agent))
  const ends = new Map<Party, RtpEnd>([
    ['caller', citizen.rtp],
    ['agent', talk.rtp],
  ])
  const call = () => [...scene.view.calls.values()][0]
  const action = (what: string) => agent.api.ask('POST', '/api/me/call', { action: what })
  const hears = (wanted: Partial<Record<Party, readonly Party[]>>) =>
    until(() =>
      [...ends].every(
        ([party, rtp]) =>
          heardBy(tones, rtp, party).toSorted().join() === (wanted[party] ?? []).toSorted().join(),
      ),
    )
  const killed = async (state: string, goOn: readonly Party[], wanted: Parameters<typeof hears>[0]) => {
    scene.linia.kill('server1')
    const killedAt = performance.now()
    await scene.linia.stack.ready(120_000)
    for (const party of goOn) {
      const rtp = ends.get(party)
      const gapMs = rtp === undefined ? Number.NaN : Math.max(...gapsSince(rtp, killedAt))
      t.ok(gapMs < goesOnMs, `${state}: the ${party} went on hearing (longest gap ${Math.round(gapMs)} ms)`)
    }
    await hears(wanted)
    t.pass(`${state}: the same after kill -9 and restart`)
  }

  await until(() => call()?.phase === 'talking')
  await hears({ caller: ['agent'], agent: ['caller'] })
  await agent.api.ask('POST', '/api/me/consult', { to: { contact } })
  const ring = await office.nextRing()
  t.equal(ring.caller, '969', 'the party sees the city’s number')
  const answered = await ring.answer(tone(tones.external))
  await until(() => loudness(heardSince(answered.rtp, performance.now() - 600)) > 0.01)
  t.notOk(heardBy<Party>(tones, answered.rtp, 'external').includes('agent'), 'first the announcement')
  ends.set('external', answered.rtp)
  await hears({ agent: ['external'], external: ['agent'] })
  t.pass('consultation: agent and party hear each other, the caller neither')

  // Longer than the audit needs to see the party's leg twice.
  await new Promise((resolve) => setTimeout(resolve, 13_000))
  await hears({ agent: ['external'], external: ['agent'] })
  await action('join-consult')
  const all = {
    caller: ['agent', 'external'],
    agent: ['caller', 'external'],
    external: ['agent', 'caller'],
  } as const
  await hears(all)
  t.pass('three-way: each hears both others')
  await killed('three-way', ['caller', 'agent', 'external'], all)

  await action('complete-consult')
  ends.delete('agent')
  const two = { caller: ['external'], external: ['caller'] } as const
  await hears(two)
  await until(() => call()?.phase === 'transferred')
  t.pass('given away: the caller and the party hear each other, no agent is in the call')
  await killed('transferred', ['caller', 'external'], two)
  await until(() => call()?.phase === 'transferred')

  answered.hangUp()
  t.equal((await citizen.ended).ending, 'line hung up')
  const record = await scene.record(callerId)
  t.match(record, {
    outcome: 'answered',
    endedBy: 'external',
    externals: [{ contact: { id: contact, name: 'Stare civilă' } }],
  })
  t.equal(office.rings.length, 1, 'dialled once')
})
