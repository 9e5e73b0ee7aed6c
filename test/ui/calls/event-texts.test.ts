import t from 'tap'
import { askedIn, eventText, offersOf, partyOf, targetOf } from '../../../src/ui/calls/event-texts.ts'
import { languages, textsIn } from '../texts.ts'

const say = ((key: string) => key) as unknown as Parameters<typeof eventText>[1]

t.test('the timeline names the agent of each offer if the name is known', (t) => {
  const offer = { id: 'o1', agent: 'a1', device: 'web' }
  const events = [
    { type: 'OfferMade', detail: { offer } },
    { type: 'AgentAnswered', detail: { offer: 'o1' } },
    { type: 'CallerHungUp', detail: {} },
  ]
  const offers = offersOf(events)
  t.strictSame(
    events.map((event) => partyOf(event, offers)?.agent ?? null),
    ['a1', 'a1', null],
  )
  const who = 'Ana'
  t.equal(eventText({ type: 'AgentAnswered', detail: {} }, say, { who }), 'calls.event.AgentAnswered (Ana)')
  t.equal(eventText({ type: 'AgentAnswered', detail: {} }, say), 'calls.event.AgentAnswered')
  t.equal(eventText({ type: 'CallerHungUp', detail: {} }, say, { who }), 'calls.event.CallerHungUp')
  const hold = { type: 'HoldRequested', detail: { offer: 'o1' } }
  t.equal(eventText(hold, say, { who }), 'calls.event.HoldRequested', 'whose it is, is clear')
  t.equal(eventText(hold, say, { who }, true), 'calls.event.HoldRequested (Ana)', 'two agents talked')
  const lost = { type: 'AgentLegLost', detail: { cause: 'phone gone' } }
  t.equal(eventText(lost, say, { who }, true), 'calls.event.AgentLegLost (Ana; calls.legLost.phone gone)')
  const muted = { type: 'MuteRequested', detail: { muted: true } }
  t.equal(eventText(muted, say, { who }, true), 'calls.muted (Ana)')
  const why = { level: 3, candidates: 2 }
  const made = (more: object) => ({ type: 'OfferMade', detail: { offer, why: { ...why, ...more } } })
  t.equal(eventText(made({}), say), 'calls.event.OfferMade (calls.why)')
  t.equal(eventText(made({ returning: true }), say), 'calls.event.OfferMade (calls.whyReturning)')
  t.end()
})

t.test('a transfer has its target in the timeline', (t) => {
  const sent = { type: 'TransferRequested', detail: { offer: 'o1', to: { queue: 'taxe' } } }
  const target = 'Taxe'
  t.strictSame(targetOf(sent), { queue: 'taxe' })
  t.strictSame(targetOf({ ...sent, detail: { to: { agent: 'a2' } } }), { agent: 'a2' })
  t.equal(targetOf({ ...sent, detail: {} }), null)
  t.equal(targetOf({ type: 'AgentAnswered', detail: { to: { queue: 'taxe' } } }), null)
  t.equal(eventText(sent, say, { who: 'Ana', target }, true), 'calls.event.TransferRequested (Ana → Taxe)')
  t.equal(eventText(sent, say, { who: null, target }, true), 'calls.event.TransferRequested (Taxe)')
  t.end()
})

const names: Readonly<Record<string, string>> = { ana: 'Ana', dan: 'Dan', vera: 'Vera' }
const nameOf = (id: string | null): string | null => (id === null ? null : (names[id] ?? null))

/** Vera moves the caller to the front. Ana serves, asks Dan, is heard by Vera, and gives the caller to Dan, from whom Vera takes the call over. */
const events = [
  { type: 'CallMoved', detail: { queue: 'taxe', toFront: true, by: 'vera' } },
  { type: 'OfferMade', detail: { offer: { id: 'o1', agent: 'ana' }, serving: 'o1' } },
  { type: 'ConsultRequested', detail: { offer: 'o1', consult: { id: 'o2', agent: 'dan' }, serving: 'o1' } },
  { type: 'OfferEnded', detail: { offer: 'o2', end: 'busy', serving: 'o1' } },
  { type: 'ConsultRequested', detail: { offer: 'o1', consult: { id: 'o3', agent: 'dan' }, serving: 'o1' } },
  { type: 'AgentAnswered', detail: { offer: 'o3', serving: 'o1' } },
  {
    type: 'SupervisorRung',
    detail: { supervision: { id: 'o4', agent: 'vera' }, mode: 'monitor', serving: 'o1' },
  },
  { type: 'AgentAnswered', detail: { offer: 'o4', serving: 'o1' } },
  { type: 'SupervisionChanged', detail: { offer: 'o4', mode: 'whisper', serving: 'o1' } },
  { type: 'ConsultJoined', detail: { offer: 'o1', serving: 'o1' } },
  { type: 'RecordingPaused', detail: { offer: 'o1', reason: 'payment card', serving: 'o1' } },
  { type: 'ConsultCompleted', detail: { offer: 'o1', serving: 'o3' } },
  { type: 'AgentLegLost', detail: { offer: 'o3', cause: 'no audio', serving: 'o3' } },
  { type: 'CallTakenOver', detail: { offer: 'o4', serving: 'o4' } },
  { type: 'AgentHungUp', detail: { offer: 'o4', serving: null } },
]

const told: Readonly<Record<(typeof languages)[number], readonly string[]>> = {
  ro: [
    'Mutat de supervizor (Vera → Taxe; în față)',
    'Sună la operator (Ana)',
    'Întreabă un coleg (Ana → Dan)',
    'Telefonul colegului era ocupat (Dan)',
    'Întreabă un coleg (Ana → Dan)',
    'Colegul a răspuns (Dan)',
    'Sună la supervizor (Vera; ascultă)',
    'Supervizorul a răspuns (Vera)',
    'Supervizorul îi șoptește operatorului (Vera)',
    'Vorbesc toți trei (Ana)',
    'Înregistrarea s-a oprit (Ana; date de card)',
    'Predat colegului (Ana → Dan)',
    'S-a pierdut legătura operatorului (Dan; nu mai venea sunet)',
    'Preluat de supervizor (Vera)',
    'Operatorul a închis (Vera)',
  ],
  en: [
    'Moved by a supervisor (Vera → Taxe; to the front)',
    'Rings at an agent (Ana)',
    'Asks a colleague (Ana → Dan)',
    'The phone of the colleague was busy (Dan)',
    'Asks a colleague (Ana → Dan)',
    'The colleague answered (Dan)',
    'Rings at a supervisor (Vera; listening)',
    'The supervisor answered (Vera)',
    'The supervisor whispers to the agent (Vera)',
    'All three talk (Ana)',
    'Recording paused (Ana; card details)',
    'Handed to the colleague (Ana → Dan)',
    'The connection of the agent was lost (Dan; no sound came)',
    'Taken over by a supervisor (Vera)',
    'The agent hung up (Vera)',
  ],
}

for (const language of languages)
  t.test(
    `the timeline tells a colleague and a supervisor from the serving agent, in ${language}`,
    async (t) => {
      const texts = await textsIn(language)
      const offers = offersOf(events)
      const timeline = events.map((event, index) => {
        const party = partyOf(event, offers, events[index - 1])
        const to = targetOf(event)
        const target = to !== null && 'queue' in to ? 'Taxe' : nameOf(askedIn(events, index))
        const named = { who: nameOf(party?.agent ?? null), target, role: party?.role ?? 'agent' }
        return eventText(event, texts, named, true)
      })
      t.strictSame(timeline, told[language])
    },
  )
