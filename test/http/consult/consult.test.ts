import t from 'tap'
import { agentAt, agentChange, Story } from '../states.ts'
import { serve } from '../serve.ts'

t.test('a consultation is commands of the desk, for the conversation that the page shows', async (t) => {
  const { ask, signIn, line, people } = await serve(t)
  const as = await signIn('agent01')
  const asks = (path: string, body: object) => ask('POST', path, { as, body })
  t.equal((await asks('/api/me/consult', { to: { agent: 'a-1' }, offerId: 'o1' })).status, 200)
  for (const action of ['join-consult', 'complete-consult', 'cancel-consult', 'ask-for-help', 'no-help'])
    t.equal((await asks('/api/me/call', { action, offerId: 'o1' })).status, 200, action)
  t.equal((await asks('/api/me/recording-pause', { reason: 'payment card', offerId: 'o1' })).status, 200)
  t.equal((await asks('/api/me/call', { action: 'resume-recording' })).status, 200)
  const agent = people.agent01.id
  const shown = { agent, offer: 'o1' }
  t.strictSame(line.commands.slice(-8), [
    { do: 'consult', to: { agent: 'a-1' }, joins: false, ...shown },
    { do: 'joinConsult', ...shown },
    { do: 'completeConsult', ...shown },
    { do: 'cancelConsult', ...shown },
    { do: 'askForHelp', wanted: true, ...shown },
    { do: 'askForHelp', wanted: false, ...shown },
    { do: 'pauseRecording', reason: 'payment card', ...shown },
    { do: 'resumeRecording', agent },
  ])
  for (const body of [{}, { to: '' }, { to: 'a-1' }, { to: { queue: 'general' } }, { to: { contact: '' } }])
    t.equal((await asks('/api/me/consult', body)).status, 400, JSON.stringify(body))
  for (const body of [{}, { reason: 'I like it' }])
    t.equal((await asks('/api/me/recording-pause', body)).status, 400, JSON.stringify(body))
  line.refusal = 'already consulting'
  t.match(await asks('/api/me/consult', { to: { agent: 'a-1' } }), {
    status: 409,
    json: { code: 'already-consulting' },
  })
  const supervisor = await signIn('super')
  for (const [path, body] of [
    ['/api/me/consult', { to: { agent: 'a-1' } }],
    ['/api/me/recording-pause', { reason: 'password' }],
  ] as const)
    t.equal((await ask('POST', path, { as: supervisor, body })).status, 403, path)
})

t.test('the colleague who is asked has the call while it lasts, and cannot write its form', async (t) => {
  const { ask, live, signIn, line, people } = await serve(t)
  const [ana, barbu] = [people.agent01.id, people.agent02.id]
  const first = await live(await signIn('agent01'))
  const barbuSigned = await signIn('agent02')
  const second = await live(barbuSigned)
  for (const feed of [first, second]) await feed.next('snapshot')
  const at = Date.now()
  const story = new Story('pbx1-4.1', at)
  line.emit(story.arrives(), story.waits(at), story.rings(ana, at), story.talks(ana, at))
  await first.next('call', ({ phase }) => phase === 'talking')
  line.emit(story.asks(ana, barbu, 'ringing', at + 1_000))
  line.emit(agentChange(agentAt(barbu, at + 1_000, { state: 'offered', call: story.id })))
  const rings = { id: story.id, agent: { name: 'Ana Pop' }, phase: 'held' }
  const asked = (seat: string) => ({ ...rings, consult: { with: { name: 'Barbu Ionescu' }, seat } })
  t.match((await first.next('call', ({ consult }) => consult !== null)).data, asked('ringing'))
  t.match((await second.next('call')).data, { ...asked('ringing'), caller: '+40256123456' })

  line.emit(story.asks(ana, barbu, 'side', at + 2_000))
  line.emit(agentChange(agentAt(barbu, at + 2_000, { state: 'talking', call: story.id })))
  await second.next('call', ({ consult }) => consult?.seat === 'side')
  await second.next('agent', ({ state }) => state === 'talking')
  const again = await live(barbuSigned)
  t.match((await again.next('snapshot')).data, { calls: [{ id: story.id, consult: { seat: 'side' } }] })
  const form = { subject: '', motivated: 'yes', reason: null, resolution: 'none' }
  const written = (path: string, body: object) =>
    ask('PUT', `/api/calls/${story.id}/${path}`, { as: barbuSigned, body })
  t.match(await written('wrap-up', form), { status: 403, json: { code: 'not-your-call' } })
  t.match(await written('notes', { text: 'ceva' }), { status: 403, json: { code: 'not-your-call' } })

  story.has({
    helpSince: at + 2_500,
    recordingPause: { since: at + 2_500, until: at + 302_500, reason: 'password' },
  })
  line.emit(story.asks(ana, barbu, 'room', at + 3_000))
  t.match((await second.next('call', ({ consult }) => consult?.seat === 'room')).data, {
    helpSince: new Date(at + 2_500).toISOString(),
    recordingPause: { reason: 'password', until: new Date(at + 302_500).toISOString() },
  })
  line.emit(story.asks(ana, barbu, null, at + 4_000))
  t.match((await second.next('call-ended')).data, { id: story.id, outcome: 'left' })
  await first.next('call', ({ id, consult }) => id === story.id && consult === null)
})

t.test(
  'after a hand-over the sender sees who has the caller, and the colleague has an ordinary call',
  async (t) => {
    const { live, signIn, line, people } = await serve(t)
    const [ana, barbu] = [people.agent01.id, people.agent02.id]
    const first = await live(await signIn('agent01'))
    const second = await live(await signIn('agent02'))
    for (const feed of [first, second]) await feed.next('snapshot')
    const at = Date.now()
    const story = new Story('pbx1-4.2', at)
    line.emit(story.arrives(), story.waits(at), story.rings(ana, at), story.talks(ana, at))
    line.emit(story.asks(ana, barbu, 'side', at + 1_000))
    await second.next('call')
    line.emit(story.handsOver(ana, barbu, at + 2_000))
    t.match((await first.next('transfer')).data, {
      state: 'taken',
      to: { name: 'Barbu Ionescu' },
      agent: { name: 'Barbu Ionescu' },
    })
    t.match((await second.next('call', ({ consult }) => consult === null)).data, {
      phase: 'talking',
      agent: { name: 'Barbu Ionescu' },
      transferred: { by: { name: 'Ana Pop' }, underWay: false },
    })
  },
)
