/** The parts of the requests pane that need no browser. */
import t from 'tap'
import { streetNames } from '../../../src/city/requests/street-names.ts'
import { findStreets } from '../../../src/ui/agent/requests/find-streets.ts'
import type { LiveCallView } from '../../../src/http/live/wire.ts'
import type { ReadOut, RequestForm } from '../../../src/http/requests/wire.ts'
import { blankPerson, servedOf, setNameless } from '../../../src/ui/agent/requests/petitioner.ts'
import {
  closeShown,
  registering,
  registeredHere,
  shown,
  shownIn,
} from '../../../src/ui/agent/requests/shown-request.ts'
import { follow } from '../../../src/ui/agent/script/proposed-subject.ts'
import { proposalOf, reportDone } from '../../../src/ui/agent/script/reports.ts'
import { createAutosave, type Autosave } from '../../../src/ui/shared/unsaved/autosave.ts'
import {
  briefDay,
  spokenCode,
  spokenDay,
  spokenRequest,
  writtenDay,
} from '../../../src/ui/requests/spoken.ts'

t.test('a request opened in one call is not shown in the next; one opened without a call stays', (t) => {
  const opened = { kind: 'request', id: 'CC2026-000001', call: 'c1' } as const
  t.equal(shownIn(opened, 'c1'), opened)
  t.equal(shownIn(opened, null), opened, 'it may be finished after the call')
  t.equal(shownIn(opened, 'c2'), null)
  const before = { ...opened, call: null }
  t.equal(shownIn(before, 'c2'), before)
  const draft = { kind: 'draft', id: 'd1', agreed: true } as const
  t.equal(shownIn(draft, 'c2'), draft, 'a draft stays while the phone rings')
  shown.set(draft)
  closeShown()
  t.equal(shown.get(), null, 'and closes when the next call is answered')
  t.end()
})

const readOut: ReadOut = {
  id: 'CC2026-000007',
  number: 'CC2026-000007',
  code: '123456',
  category: 'lamp',
  department: 'Iluminat',
  kind: 'notice',
  registeredAt: '2026-11-24T10:00:00Z',
  registeredOn: '2026-11-24',
  announcedOn: '2026-12-24',
  legalEndOn: '2026-12-24',
}

t.test('a number that comes after the next call was answered is not shown in it', async (t) => {
  const draft = { kind: 'draft', id: 'd1', agreed: true } as const
  shown.set(draft)
  const late = registering('c1', 'c1')
  closeShown()
  late(readOut)
  t.equal(shown.get(), null)
  t.match(
    registeredHere.get(),
    [{ readOut: { id: readOut.id }, call: 'c1', told: false }],
    'it is kept to tell',
  )
  shown.set(draft)
  registering('c1', 'c1')(readOut)
  const here = shown.get()
  t.match(here, { kind: 'read-out', id: readOut.id, call: 'c1' }, 'in time, it takes the place of the form')
  t.equal(shownIn(here, 'c1'), here)
  t.equal(shownIn(here, 'c2'), null, 'and only in that call')
  shown.set(draft)
  registering('c1', 'c2')(readOut)
  t.equal(shownIn(shown.get(), 'c2'), shown.get(), 'the draft of another call that was opened in this one')
  closeShown()
})

t.test('a new form is for a caller who was answered, not for one who only rings', async (t) => {
  const call: LiveCallView = {
    id: 'c2',
    caller: '+40722000992',
    callerName: 'Maria',
    direction: 'inbound',
    callback: null,
    placedBy: null,
    line: 'l1',
    language: null,
    queue: { id: 'q', name: 'Q' },
    phase: 'talking',
    since: '2026-11-24T10:00:00Z',
    arrivedAt: '2026-11-24T10:00:00Z',
    queuedAt: null,
    answeredAt: null,
    agent: null,
    muted: false,
    autoAnswer: false,
    transferred: null,
    consult: null,
    external: null,
    externalHears: null,
    unreached: null,
    helpSince: null,
    recordingPause: null,
    supervisions: [],
  }
  const { since } = call
  const none = { phone: '', name: '' }
  t.strictSame(servedOf({ name: 'ringing', since, call, device: 'web', picking: false }, call), {
    call: null,
    caller: none,
  })
  t.strictSame(servedOf({ name: 'talking', since, call }, call), {
    call: 'c2',
    caller: { phone: '0722 000 992', name: 'Maria' },
  })
  t.strictSame(servedOf({ name: 'talking', since, call }, { ...call, caller: null }), {
    call: 'c2',
    caller: none,
  })
  t.strictSame(servedOf({ name: 'ready', since }, null), { call: null, caller: none })
})

function formOf(person: RequestForm['person']): Autosave<RequestForm> {
  const place = { ...blankPerson.address, locality: '' }
  const initial: RequestForm = { kind: 'notice', category: '', person, place, text: '', fields: {} }
  const save = () => Promise.resolve()
  return createAutosave({ initial, save, pauseMs: 1, waitMaxMs: 1, retryMs: 1 })
}

t.test('"anonymous" ticked by mistake loses nothing that was typed', async (t) => {
  const caller = { ...blankPerson, phone: '0722 000 991', name: 'Ștefan Țăranu' }
  const form = formOf(caller)
  const person = (): unknown => form.store.get().value.person
  setNameless(form, true)
  t.equal(person(), null)
  setNameless(form, false)
  t.equal(person(), caller)
  const other = formOf(null)
  setNameless(other, false)
  t.equal(other.store.get().value.person, blankPerson, 'the person of another form stays there')
  t.ok(await form.flush())
  t.ok(await other.flush())
})

t.test('what is done for one call in another takes no proposal from either', async (t) => {
  const article = { subject: 'Certificat fiscal', resolution: 'on the spot' } as const
  const registered = { subject: 'Iluminat', resolution: 'registered' } as const
  reportDone('c2', 'papers', article)
  reportDone('c1', 'requests', registered)
  t.strictSame(proposalOf('c2'), article)
  t.strictSame(proposalOf('c1'), registered)
  reportDone('c2', 'requests', registered)
  t.strictSame(proposalOf('c2'), registered, 'a request outweighs an article')
  for (const call of ['c3', 'c4', 'c5', 'c6']) reportDone(call, 'papers', article)
  t.equal(proposalOf('c1'), null, 'the last five calls are kept')
  t.strictSame(proposalOf('c2'), registered)
  t.equal(proposalOf(null), null)
})

t.test(
  'the subject follows what is proposed, also after a reload, until the agent writes their own',
  async (t) => {
    let proposed = ''
    const after = (subject: string, proposal: string): string => {
      const followed = follow(subject, proposal, proposed)
      ;({ proposed } = followed)
      return followed.write ?? subject
    }
    t.equal(after('', 'Certificat fiscal'), 'Certificat fiscal')
    t.equal(after('Certificat fiscal', 'Buletin'), 'Buletin', 'the article that was opened last')
    // After a reload the page knows the saved subject and the article, not that it wrote it.
    proposed = ''
    t.equal(after('Buletin', 'Buletin'), 'Buletin')
    t.equal(after('Buletin', 'Certificat de urbanism'), 'Certificat de urbanism')
    t.equal(after('Certificat pierdut', 'Buletin'), 'Certificat pierdut', 'the agent’s own words stay')
    proposed = ''
    const long = 'a'.repeat(300)
    t.equal(after('', long), 'a'.repeat(200))
    t.equal(after('a'.repeat(200), long), 'a'.repeat(200))
    t.equal(after('a'.repeat(200), 'Buletin'), 'Buletin')
  },
)

t.test('a street is found as it is typed, with and without diacritics', async (t) => {
  const first = (typed: string) => findStreets(streetNames, typed, 5)[0]
  t.equal(first('blaga'), 'Strada Lucian Blaga')
  t.equal(first('sagului'), 'Calea Șagului')
  t.equal(first('ȘAG'), 'Calea Șagului')
  t.equal(first('take'), 'Bulevardul Take Ionescu')
  t.equal(first('str lucian b'), 'Strada Lucian Blaga')
  t.equal(first('loga'), 'Bulevardul Constantin Diaconovici Loga')
  t.equal(first('lucain blaga'), 'Strada Lucian Blaga', 'two letters swapped')
  t.equal(first('take ionesku'), 'Bulevardul Take Ionescu')
  t.equal(first('sgaului'), 'Calea Șagului')
  t.strictSame(findStreets(streetNames, '  ', 5), [])
  t.strictSame(findStreets(streetNames, 'xyz', 5), [])
  t.ok(findStreets(streetNames, 'strada', 5).length === 5)
})

t.test('numbers, codes and days are formatted for reading aloud', async (t) => {
  t.equal(spokenRequest('CC2026-000123'), 'CC 2026 – 000 123')
  t.equal(spokenRequest('CC2026-1234567'), 'CC 2026 – 1 234 567')
  t.equal(spokenCode('123456'), '123 456')
  t.equal(spokenDay('2026-12-24', 'ro', Date.parse('2026-11-24')), 'joi, 24 decembrie')
  t.equal(writtenDay('2026-12-24'), '24.12.2026')
})

t.test('a day of an earlier year has its year', async (t) => {
  const now = Date.parse('2026-01-05T09:00:00Z')
  t.equal(spokenDay('2025-11-24', 'ro', now), 'luni, 24 noiembrie 2025')
  t.equal(briefDay('2025-11-24', 'ro', now), '24 nov. 2025')
  t.equal(spokenDay('2026-01-12', 'ro', now), 'luni, 12 ianuarie')
  t.equal(briefDay('2027-01-12', 'ro', now), '12 ian.', 'the next one is the only one that can be meant')
})
