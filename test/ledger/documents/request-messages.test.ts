/** Registrations and status changes enqueue messages to the document system in their own transaction. */
import t from 'tap'
import { RequestId } from '../../../src/city/requests/number.ts'
import { workingDays } from '../../../src/city/requests/working-days.ts'
import { sealedMessage } from '../../../src/ledger/documents/outbox.ts'
import { addStatus } from '../../../src/ledger/requests/statuses.ts'
import { testDatabase } from '../../support/postgres.ts'
import { lampForm, randomDraft, registered } from '../requests/fixtures.ts'

const { db } = await testDatabase(t)
const { id: agent } = await db
  .insertInto('accounts')
  .values({ username: 'ana' })
  .returning('id')
  .executeTakeFirstOrThrow()

/** The messages to the document system about a request, in order. */
async function messagesOf(request: RequestId): Promise<unknown[]> {
  const rows = await db
    .selectFrom('outbox')
    .select('id')
    .where('request', '=', request)
    .orderBy('version')
    .execute()
  return Promise.all(
    rows.map(async ({ id }) => JSON.parse((await sealedMessage(db, id))?.body ?? '') as unknown),
  )
}

t.test('a registration’s message holds everything needed to handle the request', async (t) => {
  const { id, registeredOn, standing } = await registered(db, { agent })
  t.match(await messagesOf(id), [
    {
      type: 'request.registered',
      data: {
        request: id,
        version: 1,
        number: `${id}/${registeredOn.split('-').reverse().join('.')}`,
        kind: 'notice',
        category: 'Iluminat public',
        department: 'Serviciul Iluminat Public',
        toHead: false,
        text: lampForm().text,
        fields: [{ name: 'Numărul stâlpului', value: '14' }],
        place: 'Strada Lucian Blaga 7',
        person: { phone: '+40722000911', address: 'Strada Lucian Blaga 5, Timișoara' },
        announcedOn: standing.announcedOn,
        legalEnd: standing.legalEndOn,
        about: null,
      },
    },
  ])
})

t.test('the message of an anonymous request holds nothing about a person', async (t) => {
  const { id } = await registered(db, { agent, form: lampForm({ person: null }) })
  t.match(await messagesOf(id), [{ data: { person: null } }])
})

t.test('a retry after a time-out enqueues no second message', async (t) => {
  const draft = randomDraft()
  const both = await Promise.all([registered(db, { agent, draft }), registered(db, { agent, draft })])
  t.equal(both[0].id, both[1].id)
  t.equal((await messagesOf(both[0].id)).length, 1)
})

t.test('a complaint names its subject, and whether the number was verified', async (t) => {
  const elsewhere = { number: 'SC2026-24421', day: '2026-09-24', lateness: 'overdue' } as const
  const found = await registered(db, { agent, about: { ...elsewhere, verified: true } })
  t.match(await messagesOf(found.id), [{ data: { about: { verified: true } } }])
  const paper = await registered(db, { agent, about: { ...elsewhere, verified: null } })
  t.match(await messagesOf(paper.id), [
    {
      data: {
        toHead: true,
        about: { number: 'SC2026-24421/24.09.2026', verified: false, lateness: 'overdue' },
      },
    },
  ])
  const ours = { request: paper.id, registeredOn: '2026-09-24', lateness: 'due' } as const
  const own = await registered(db, { agent, about: ours })
  t.match(await messagesOf(own.id), [
    { data: { about: { number: `${paper.id}/24.09.2026`, verified: true, lateness: 'due' } } },
  ])
})

t.test(
  'a status set here is sent with the new standing; one that came from the document system is not',
  async (t) => {
    const { id, registeredOn } = await registered(db, { agent })
    const working = workingDays([])
    const give = (by: typeof agent | null, event: Parameters<typeof addStatus>[1]['event'], note = '') =>
      addStatus(db, { request: id, event, note, by, call: null }, registeredOn, working)
    await give(null, { kind: 'numbered', number: 'DM2026-000451' })
    await give(null, { kind: 'in progress', department: 'Serviciul Parcări' })
    await give(agent, { kind: 'redirected', authority: 'Consiliul Județean Timiș' }, 'E drum județean.')
    t.match(await messagesOf(id), [
      { type: 'request.registered' },
      {
        type: 'request.status',
        data: {
          version: 2,
          status: 'redirected',
          department: 'Serviciul Parcări',
          authority: 'Consiliul Județean Timiș',
          note: 'E drum județean.',
        },
      },
    ])
  },
)

t.test(
  'a status is sent with the days after it: those of an extension, not of the registration',
  async (t) => {
    const { id, registeredOn, standing } = await registered(db, { agent })
    const notice = { by: 'phone', on: registeredOn } as const
    const added = await addStatus(
      db,
      {
        request: id,
        event: { kind: 'extended', days: 15, notice },
        note: '',
        by: agent,
        call: null,
      },
      registeredOn,
      workingDays([]),
    )
    if (!added.ok) throw new Error(added.why)
    const { announcedOn, legalEndOn } = added.standing
    t.ok(announcedOn > standing.announcedOn && legalEndOn > standing.legalEndOn)
    const [, sent] = await messagesOf(id)
    t.match(sent, { type: 'request.status', data: { status: 'extended', announcedOn, legalEnd: legalEndOn } })
  },
)
