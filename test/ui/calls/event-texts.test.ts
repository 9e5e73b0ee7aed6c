import t from 'tap'
import {
  askedIn,
  contactNames,
  eventText,
  offersOf,
  partyOf,
  targetOf,
} from '../../../src/ui/calls/event-texts.ts'
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
  const arrived = (detail: object) => eventText({ type: 'CallArrived', detail: { ...detail } }, say)
  t.equal(arrived({ block: 7 }), 'calls.event.CallArrived (calls.blocked)')
  t.equal(arrived({}), 'calls.event.CallArrived')
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

t.test('a party outside the contact centre has a name and a part of its own', (t) => {
  const contact = { id: 'registry', name: 'Stare civilă' }
  const consulted = { type: 'ConsultRequested', detail: { offer: 'o1', consult: { id: 'x1', contact } } }
  const sent = {
    type: 'TransferRequested',
    detail: { offer: 'o1', to: { contact: 'registry' }, external: { id: 'x2', contact } },
  }
  const events = [consulted, sent, { type: 'AgentAnswered', detail: { offer: 'x2' } }]
  t.strictSame(partyOf(events[2]!, offersOf(events)), { agent: 'registry', role: 'external' })
  t.equal(askedIn(events, 0), 'registry')
  t.strictSame(targetOf(sent), { contact: 'registry' })
  t.equal(contactNames(events).get('registry'), 'Stare civilă')
  t.end()
})

t.test('an overflow says where the caller has gone, and why', async (t) => {
  const overflowed = { type: 'CallOverflowed', detail: { queue: 'taxe', priority: 10, why: 'length' } }
  t.strictSame(targetOf(overflowed), { queue: 'taxe' })
  const text = async (language: 'ro' | 'en', detail: object) =>
    eventText({ ...overflowed, detail: { ...overflowed.detail, ...detail } }, await textsIn(language), {
      target: 'Taxe',
    })
  t.equal(await text('ro', {}), 'Trecut mai departe (Taxe; erau prea mulți la rând)')
  t.equal(await text('en', { why: 'wait' }), 'Overflowed (Taxe; they had waited for too long)')
  t.equal(targetOf({ ...overflowed, detail: { ...overflowed.detail, way: 'voicemail' } }), null)
  t.match(await text('ro', { way: 'voicemail' }), /poate lăsa un mesaj vocal, erau prea mulți la rând/)
  t.match(await text('en', { way: 'callback', why: null }), /is asked about a callback/)
  t.equal(await text('en', { why: 'of a newer release' }), 'Overflowed (Taxe)')
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
    'Mutat în coadă (Vera → Taxe; în față)',
    'Sună la operator (Ana)',
    'Consultă (Ana → Dan)',
    'Telefonul colegului era ocupat (Dan)',
    'Consultă (Ana → Dan)',
    'Colegul a răspuns (Dan)',
    'Sună la supervizor (Vera; ascultă)',
    'Supervizorul a răspuns (Vera)',
    'Supervizorul îi șoptește operatorului (Vera)',
    'Vorbesc toți trei (Ana)',
    'Înregistrarea s-a oprit (Ana; date de card)',
    'Predat celui consultat (Ana → Dan)',
    'S-a pierdut legătura operatorului (Dan; nu mai venea sunet)',
    'Preluat de supervizor (Vera)',
    'Operatorul a închis (Vera)',
  ],
  en: [
    'Moved in the queues (Vera → Taxe; to the front)',
    'Rings at an agent (Ana)',
    'Asks (Ana → Dan)',
    'The phone of the colleague was busy (Dan)',
    'Asks (Ana → Dan)',
    'The colleague answered (Dan)',
    'Rings at a supervisor (Vera; listening)',
    'The supervisor answered (Vera)',
    'The supervisor whispers to the agent (Vera)',
    'All three talk (Ana)',
    'Recording paused (Ana; card details)',
    'Handed over (Ana → Dan)',
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
