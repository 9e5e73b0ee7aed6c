/** A colleague who is consulted in a call, and supervisors in it: who sees the call, who writes on it, and who sees whom. */
import t from 'tap'
import { Value } from 'typebox/value'
import type { AcdEvent } from '../../../src/core/acd-event.ts'
import { ChannelId, type AgentId } from '../../../src/core/ids.ts'
import type { Consult, Supervision } from '../../../src/core/call.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { addRecordings } from '../../../src/ledger/recordings/recordings.ts'
import { CallDetail } from '../../../src/http/calls/wire.ts'
import { serve, type Served } from '../serve.ts'
import { agentAt, agentChange, offerOf, Story } from '../states.ts'

const seconds = 1_000
let calls = 0

/** The first agent talks with a caller, asks the second one aside, and a supervisor listens, then whispers. */
async function consultation(served: Served) {
  const { people, line, db } = served
  const [ana, dan, vera] = [people.agent01.id, people.agent02.id, people.super.id]
  calls += 1
  const at = Date.now() - 60 * seconds
  const story = new Story(`pbx1-${process.pid}.77${calls}`, at)
  const happens = async (events: readonly AcdEvent[]): Promise<void> => {
    await writeEvents(db, events)
    line.emit(...events)
  }
  let seq = 0
  const agentIs = (id: AgentId, state: Parameters<typeof agentAt>[2]): AcdEvent => {
    seq += 1
    return { ...agentChange(agentAt(id, at + seq, state)), seq }
  }
  const { id: offer } = offerOf(story.id, ana, at + 2 * seconds)
  const asked = offerOf(story.id, dan, at + 10 * seconds)
  const ear = offerOf(story.id, vera, at + 11 * seconds)
  const seat = (place: Consult['seat']) => ({ consult: { offer: asked, seat: place, secondLine: null } })
  const listens = (mode: Supervision['mode'], isUp = true) => ({ supervisions: [{ offer: ear, mode, isUp }] })
  await happens([
    story.arrives(),
    story.rings(ana, at + seconds),
    story.talks(ana, at + 2 * seconds),
    agentIs(ana, { state: 'talking', call: story.id }),
    story.beside(
      { type: 'ConsultRequested', offer, consult: asked, secondLine: null },
      at + 10 * seconds,
      seat('ringing'),
    ),
    agentIs(dan, { state: 'offered', call: story.id }),
    story.beside(
      { type: 'SupervisorRung', supervision: ear, mode: 'monitor' },
      at + 11 * seconds,
      listens('monitor', false),
    ),
    story.beside({ type: 'AgentAnswered', offer: ear.id }, at + 12 * seconds, listens('monitor')),
    story.beside({ type: 'AgentAnswered', offer: asked.id }, at + 13 * seconds, seat('side')),
    agentIs(dan, { state: 'talking', call: story.id }),
    story.beside(
      { type: 'SupervisionChanged', offer: ear.id, mode: 'whisper' },
      at + 14 * seconds,
      listens('whisper'),
    ),
  ])
  return {
    id: story.id,
    at,
    asked,
    dan,
    vera,
    pauses: () =>
      happens([
        story.beside({ type: 'RecordingPaused', offer, reason: 'password' }, at + 15 * seconds + 200, {
          recordingPause: { since: at, until: at + 300 * seconds, reason: 'password' },
        }),
        story.beside({ type: 'RecordingResumed', offer }, at + 15 * seconds + 700, { recordingPause: null }),
      ]),
    movesAside: () =>
      happens([story.beside({ type: 'HoldRequested', offer, by: 'desk' }, at + 22 * seconds, seat('side'))]),
    joins: () => happens([story.beside({ type: 'ConsultJoined', offer }, at + 20 * seconds, seat('room'))]),
    leaves: () =>
      happens([
        story.beside({ type: 'AgentHungUp', offer: asked.id }, at + 25 * seconds, { consult: null }),
        agentIs(dan, { state: 'ready', notBefore: 0 }),
      ]),
    ends: () =>
      happens([
        story.ends(at + 30 * seconds, 'answered', ana),
        agentIs(ana, { state: 'ready', notBefore: 0 }),
      ]),
  }
}

const form = { subject: 'Taxe', motivated: 'yes', reason: null, resolution: 'on the spot' }

async function detail(served: Served, as: string, call: string): Promise<CallDetail> {
  const { status, text, json } = await served.ask('GET', `/api/calls/${call}`, { as })
  if (status !== 200) throw new Error(text)
  if (!Value.Check(CallDetail, json)) throw new Error(`not the wire shape: ${text}`)
  return json
}

const types = ({ events }: CallDetail): string[] => events.map(({ type }) => type)

t.test(
  'a colleague who is asked aside reads the call, which is on record, and writes nothing on it',
  async (t) => {
    const served = await serve(t)
    const call = await consultation(served)
    const as = await served.signIn('agent02')
    const put = (what: string, body: object) =>
      served.ask('PUT', `/api/calls/${call.id}/${what}`, { as, body })
    const seen = await detail(served, as, call.id)
    t.match(seen.others, [{ agent: { name: served.people.agent02.name }, role: 'consulted', until: null }])
    const looks = await served.db
      .selectFrom('journal_looks')
      .select(['about', 'query', 'call'])
      .where('account', '=', call.dan)
      .where('kind', '=', 'call')
      .execute()
    t.strictSame(looks, [{ about: call.id, query: 'consulted', call: call.id }])
    t.match((await put('wrap-up', form)).json, { code: 'not-your-call' })
    t.match((await put('notes', { text: 'x' })).json, { code: 'not-your-call' })

    await call.leaves()
    t.strictSame((await served.ask('GET', '/api/calls/unfinished', { as })).json['items'], [], 'no form')
    await call.ends()
    const afterwards = await detail(served, as, call.id)
    t.equal(afterwards.correctableUntil, null)
    t.match(afterwards.others, [{ withCaller: false }])
    t.match((await put('wrap-up', form)).json, { code: 'not-your-call' }, 'nor afterwards')
    const { json } = await served.ask('GET', '/api/calls?limit=9', { as })
    t.match(json['items'], [{ id: call.id, agent: { id: served.people.agent01.id } }], 'it is in their list')
  },
)

t.test('a colleague who talked with the caller too has a form of their own, for a day', async (t) => {
  const served = await serve(t)
  const call = await consultation(served)
  await call.joins()
  const as = await served.signIn('agent02')
  const put = (body: object = form) => served.ask('PUT', `/api/calls/${call.id}/wrap-up`, { as, body })
  const unfinished = async (user: string) =>
    (
      (await served.ask('GET', '/api/calls/unfinished', { as: user })).json['items'] as { id: string }[]
    ).filter(({ id }) => id === call.id)
  t.equal((await put({ ...form, resolution: 'unstated' })).status, 204, 'while all three talk')
  await call.movesAside()
  t.equal(
    (await put({ ...form, subject: 'Taxe auto', resolution: 'unstated' })).status,
    204,
    'asked aside again',
  )
  t.strictSame(await unfinished(as), [], 'they are in the call still')
  await call.leaves()
  t.match(await unfinished(as), [{ id: call.id, subject: 'Taxe auto' }], 'while the call goes on')
  t.strictSame(await unfinished(await served.signIn('agent01')), [], 'the agent’s part goes on')
  await call.ends()
  t.match(await unfinished(as), [{ id: call.id }], 'and when it is over')
  const seen = await detail(served, as, call.id)
  t.type(seen.correctableUntil, 'string')
  t.match(seen.others, [{ withCaller: true }])
  t.equal((await put()).status, 204, 'when they have left')
  t.strictSame(await unfinished(as), [])
})

t.test('supervisors in a call are shown to supervisors and auditors, not to agents', async (t) => {
  const served = await serve(t)
  const call = await consultation(served)
  const unseen = ['SupervisorRung', 'SupervisionChanged']
  for (const stage of ['while it goes on', 'afterwards'] as const) {
    if (stage === 'afterwards') await call.ends()
    for (const user of ['agent01', 'agent02'] as const) {
      const seen = await detail(served, await served.signIn(user), call.id)
      t.strictSame(
        types(seen).filter((type) => unseen.includes(type)),
        [],
        `${user}, ${stage}`,
      )
      t.equal(types(seen).filter((type) => type === 'AgentAnswered').length, 2, 'agent and colleague')
      t.strictSame(
        seen.events.map(({ seq }) => seq),
        seen.events.map((_, index) => index + 1),
        'no number is missing',
      )
      t.strictSame(
        seen.others.map(({ role }) => role),
        ['consulted'],
      )
      t.notMatch(JSON.stringify(seen), new RegExp(call.vera))
    }
    const seen = await detail(served, await served.signIn('super'), call.id)
    t.strictSame(
      types(seen).filter((type) => unseen.includes(type)),
      unseen,
    )
    t.match(seen.others, [
      { role: 'supervisor', agent: { id: call.vera }, modes: ['monitor', 'whisper'] },
      { role: 'consulted', agent: { id: call.dan }, modes: [] },
    ])
    t.match(new Set(seen.people.map(({ id }) => id)), new Set([call.vera, call.dan]))
  }
})

t.test('a colleague hears their own segment of the recording, and sees where it was paused', async (t) => {
  const served = await serve(t)
  const call = await consultation(served)
  await call.pauses()
  await call.leaves()
  await call.ends()
  const { agent01 } = served.people
  const segments = [
    { leg: 'leg-of-ana', agent: agent01.id },
    { leg: call.asked.id, agent: call.dan },
  ].map(({ leg, agent }, index) => ({
    leg: ChannelId(leg),
    agent,
    file: `${call.id}-${index}.wav`,
    manifest: {
      durationMs: 3_000,
      bytes: 48_000,
      sha256: 'ab'.repeat(32),
      tracks: ['caller' as const, 'agent' as const],
      spans: [{ offsetMs: 0, startedAt: call.at + 15 * seconds, durationMs: 3_000 }],
      gaps: [],
    },
    waveform: { caller: [1], agent: [1] },
  }))
  await addRecordings(served.db, call.id, segments)
  const seen = await detail(served, await served.signIn('agent02'), call.id)
  t.match(seen.manifest, { paused: [{ offsetMs: 200, durationMs: 500, reason: 'password' }] })
  t.match(seen.manifest?.segments, [{ leg: call.asked.id, role: 'consulted' }])
  t.equal(seen.manifest?.segments.length, 1)
  const all = await detail(served, await served.signIn('super'), call.id)
  t.match(
    all.manifest?.segments.map(({ role, durationMs, skippedMs }) => [role, durationMs, skippedMs]),
    [
      ['agent', 3_000, 0],
      ['consulted', 0, 3_000],
    ],
    'the same talk is heard once',
  )
  t.equal(all.manifest?.durationMs, 3_000)
})
