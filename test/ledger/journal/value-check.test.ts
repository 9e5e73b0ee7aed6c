/** Each digest of a register's is compared with the value that it stands for, where the value is stored. */
import { sql } from 'kysely'
import t from 'tap'
import { CallId, QueueId } from '../../../src/core/ids.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { journalledRegisters, journalledRuns } from '../../../src/ledger/journal/registers.ts'
import { checkedDigests, firstWrongValue } from '../../../src/ledger/journal/value-check.ts'
import { addVoicemail, addVoicemailStep } from '../../../src/ledger/voicemails/voicemails.ts'
import { callEvents } from '../fixtures.ts'
import { addAccount } from '../../../src/people/accounts.ts'
import { quickHash } from '../../support/passwords.ts'
import { openTestDatabase, testDatabase } from '../../support/postgres.ts'

/** Digests whose value is stored nowhere, or in the register itself. */
const excused: Readonly<Record<string, string>> = {
  'account_activations.code_digest': 'a secret, kept nowhere',
  'account_activations.second_digest': 'a secret, kept nowhere',
  'account_proposals.code_digest': 'a secret, kept nowhere',
  'activation_events.browser_digest': 'a secret of the browser',
  'agreement_signatures.digest': 'the text is in the register agreement_versions, with entries of its own',
  'program_token_acceptances.token_digest': 'a secret, kept nowhere',
  'recovery_codes.digest': 'a secret, kept nowhere',
  'session_ends.token_digest': 'a secret, kept nowhere',
  'sessions.token_digest': 'a secret, kept nowhere',
  'sign_ins.username_digest': 'the name that was typed is kept nowhere',
}
/** Its rows are entries of the journal itself. */
const ofRemarks = 'journal_remarks.text_digest'
const nameOf = ({ register, digest }: (typeof checkedDigests)[number]) => `${register}.${digest}`

const database = await testDatabase(t)
const { db } = database
const admin = openTestDatabase(database.adminUrl, 2)
t.teardown(() => admin.destroy())

void t.test('each digest column of a register is compared, or excused with a reason', async (t) => {
  const { rows } = await sql<{ register: string; digest: string }>`
    select table_name as register, column_name as digest from information_schema.columns
    where table_schema = 'public' and column_name like '%digest' order by 1, 2`.execute(admin)
  const registers = new Set(Object.keys({ ...journalledRegisters, ...journalledRuns }))
  const found = rows.filter(({ register }) => registers.has(register)).map(nameOf)
  const compared = checkedDigests.map(nameOf).filter((name) => name !== ofRemarks)
  t.ok(found.length > 20, `${found.length} digests`)
  t.same(
    found.filter((name) => !compared.includes(name) && !(name in excused)),
    [],
    'neither compared nor excused',
  )
  t.same(
    [...compared, ...Object.keys(excused)].filter((name) => !found.includes(name)),
    [],
    'no such column',
  )
})

void t.test('a note of a closed message that was changed or deleted is found', async (t) => {
  const account = { username: 'agent01', name: 'Ana Pop', roles: ['agent'] as const, employer: 'Primăria' }
  const added = await addAccount(db, { ...account, password: 'corect-cal-baterie' }, quickHash)
  if (!added.ok) throw new Error(added.why)
  const call = CallId('pbx1-1.1')
  await writeEvents(db, callEvents({ id: call }))
  await addVoicemail(db, { call, queue: QueueId('general'), sound: 'voice' })
  const closing = { step: 'closed', result: 'answered', note: 'a fost sunat' } as const
  await addVoicemailStep(
    db,
    { call, by: added.account.id, isSupervisor: false, takerOf: () => null },
    closing,
  )
  t.equal(await firstWrongValue(db), null)
  const past = async (change: ReturnType<typeof sql>) => {
    await sql`alter table free_texts disable trigger all`.execute(admin)
    await change.execute(admin)
    await sql`alter table free_texts enable trigger all`.execute(admin)
  }
  await past(sql`update free_texts set text = 'nu a fost sunat' where text = 'a fost sunat'`)
  t.match(await firstWrongValue(db), { sentence: /of voicemail_steps: it has been changed/ })
  await past(sql`delete from free_texts where text = 'nu a fost sunat'`)
  t.match(await firstWrongValue(db), { sentence: /missing before the end/ })
})
