import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import t from 'tap'
import {
  addContact,
  changeContact,
  closeContact,
  contactRegister,
  contacts,
  contactVersions,
  enterContact,
  type ContactFields,
  type NewContact,
} from '../../src/people/contacts.ts'
import { seedContacts } from '../../tools/demo/seed/contacts.ts'
import { testDatabase } from '../support/postgres.ts'
import { until } from '../support/until.ts'
import { openedDirectory } from './opened-directory.ts'

const { appUrl, db } = await testDatabase(t)
const byNobody = { allowed: [], own: [], by: null }
const add = (contact: Partial<NewContact>, allowed: readonly string[] = []) =>
  addContact(
    db,
    { id: 'urbanism', name: 'Urbanism', number: '0256 408 300', language: null, ...contact },
    { allowed, own: [], by: null },
  )

const close = (id: string) => closeContact(db, { id, version: null }, null)

void t.test(
  'a contact is added, changed, closed and opened again; each version stays on record',
  async (t) => {
    t.match(await add({}), {
      ok: true,
      isNew: true,
      contact: { number: '+40256408300' },
    })
    t.match(await add({ number: '420' }), { ok: true, isNew: false, contact: { number: '420' } })
    t.match(await contacts(db), [{ id: 'urbanism', name: 'Urbanism', number: '420', language: null }])
    t.match(await close('urbanism'), { ok: true, contact: { name: 'Urbanism' } })
    t.strictSame(await contacts(db), [])
    t.match(await close('urbanism'), { ok: false, why: 'unknown contact' })
    t.match(await add({}), { ok: true, isNew: true })
    const kept = await db.selectFrom('contact_versions').select(['number', 'closed']).orderBy('id').execute()
    t.strictSame(kept, [
      { number: '+40256408300', closed: false },
      { number: '420', closed: false },
      { number: '420', closed: true },
      { number: '+40256408300', closed: false },
    ])
  },
)

void t.test('the number is judged when it is added', async (t) => {
  const refused: readonly (readonly [string, string])[] = [
    ['112', 'an emergency number'],
    ['969', 'our own number'],
    ['0256 969', 'our own number'],
    ['0900 123 456', 'a premium number'],
    ['+36 1 234 5678', 'a foreign number'],
    ['12', 'not a number'],
    ['123456', 'a number not allowed'],
    ['centrala', 'not a number'],
    ['', 'no number'],
  ]
  for (const [number, why] of refused)
    t.match(await add({ id: 'x-unu', name: 'Unu', number }), { ok: false, why }, number)
  t.equal((await contacts(db)).length, 1, 'nothing was added')
  for (const number of ['410', '4105', '41055', '0256-408-300', '0721 234 567', '0800 800 123'])
    t.match(await add({ id: 'x-unu', name: 'Unu', number }), { ok: true }, number)
  t.match(await add({ id: 'x-unu', name: 'Unu', number: '+36 1 234 5678' }, ['+361']), { ok: true })
  await close('x-unu')
})

void t.test('no number of the line is a contact, in whichever form', async (t) => {
  const { db } = await testDatabase(t)
  const decision = { ...byNobody, own: ['969', '0256408301'] }
  const fields = { name: 'Taxe', number: '0256 408 301', language: null }
  const refused = { ok: false, why: 'our own number' }
  t.match(await enterContact(db, fields, decision), refused)
  t.match(await addContact(db, { ...fields, id: 'taxe', number: '+40 256 408 301' }, decision), refused)
  t.match(await enterContact(db, { ...fields, number: '0256 408 302' }, decision), { ok: true })
  const seen = { id: 'taxe', version: null }
  t.match(await changeContact(db, seen, fields, decision), refused)
  t.match(await contacts(db), [{ id: 'taxe', number: '+40256408302' }])
})

void t.test(
  'unusable ids, names and languages are refused, and a name that another contact has',
  async (t) => {
    for (const id of ['', 'x', 'Stare civilă', '4stare', 'x'.repeat(41)])
      t.match(await add({ id, name: 'Unu' }), { ok: false, why: 'id not usable' }, id)
    for (const name of ['', '  ', 'x'.repeat(61)])
      t.match(await add({ id: 'alta', name }), { ok: false, why: 'name not usable' }, name)
    for (const language of ['x', 'maghiară', 'HU', 'qq'])
      t.match(
        await add({ id: 'alta', name: 'Alta', language }),
        { ok: false, why: 'not a language' },
        language,
      )
    t.match(await add({ id: 'alta', name: ' URBANISM ' }), { ok: false, why: 'name taken' })
    const both = await Promise.all([
      add({ id: 'prima', name: 'Aceeași' }),
      add({ id: 'a-doua', name: 'aceeași' }),
    ])
    t.equal(both.filter(({ ok }) => ok).length, 1, 'also when both come at once')
  },
)

void t.test('a change takes effect at once, and the last good copy has the contacts', async (t) => {
  const { directory, copyFile } = await openedDirectory(t, appUrl)
  let changes = 0
  directory.onChange(() => (changes += 1))
  await add({ id: 'interpret', name: 'Interpret de maghiară', number: '450', language: 'hu' })
  await until(() => directory.contacts().some(({ language }) => language !== null))
  t.ok(changes > 0)
  await until(() => existsSync(copyFile) && readFileSync(copyFile, 'utf8').includes('maghiară'))
  const away = await openedDirectory(t, 'postgresql://nobody:x@127.0.0.1:1/none', copyFile)
  t.strictSame(away.directory.contacts(), directory.contacts())
  const { contacts: _, ...older } = JSON.parse(readFileSync(copyFile, 'utf8')) as Record<string, unknown>
  const olderFile = path.join(path.dirname(copyFile), 'older.json')
  writeFileSync(olderFile, JSON.stringify(older))
  const fromOlder = await openedDirectory(t, appUrl, olderFile)
  t.ok(fromOlder.directory.queues().length > 0, 'a copy of an earlier version')
  await close('interpret')
  await until(() => directory.contacts().every(({ language }) => language === null))
  // Before the folder is removed: a directory writes its copy a moment after the change.
  for (const each of [directory, away.directory, fromOlder.directory]) await each.stop()
})

void t.test('the demo has departments and an interpreter; a closed one stays closed', async (t) => {
  const bare = await testDatabase(t)
  await seedContacts(bare.db)
  const seeded = await contacts(bare.db)
  t.ok(seeded.filter(({ language }) => language === null).length >= 3)
  t.match(
    seeded.filter(({ language }) => language !== null),
    [{ language: 'hu' }],
  )
  await closeContact(bare.db, { id: 'urbanism', version: null }, null)
  await seedContacts(bare.db)
  t.equal((await contacts(bare.db)).length, seeded.length - 1)
})

void t.test('a contact that a page adds gets its id from its name, and no id twice', async (t) => {
  const { db } = await testDatabase(t)
  const enter = (fields: Partial<ContactFields>) =>
    enterContact(db, { name: 'Stare civilă', number: '410', language: null, ...fields }, byNobody)
  t.match(await enter({}), { ok: true, contact: { id: 'stare-civila', number: '410' } })
  t.match(await enter({}), { ok: false, why: 'name taken' })
  t.match(await enter({ name: 'Stare civilă!' }), { contact: { id: 'stare-civila-2' } })
  t.match(await enter({ name: '24 de ore' }), { contact: { id: 'de-ore' } })
  t.match(await enter({ name: '112' }), { contact: { id: 'contact' } })
  t.match(await enter({ name: 'Ș' }), { contact: { id: 'contact-2' } })
  const long = await enter({ name: 'x'.repeat(60) })
  t.ok(long.ok && long.contact.id.length <= 40)
  await closeContact(db, { id: 'stare-civila', version: null }, null)
  t.match(await enter({}), { contact: { id: 'stare-civila-3' } }, 'a closed contact keeps its id')
})

void t.test('no id of an interpreter has a person’s name', async (t) => {
  const { db } = await testDatabase(t)
  const enter = (name: string, language: string) =>
    enterContact(db, { name, number: '450', language }, byNobody)
  t.match(await enter('Maria Ionescu', 'hu'), { contact: { id: 'interpret-hu', name: 'Maria Ionescu' } })
  t.match(await enter('Ion Maria', 'hu'), { contact: { id: 'interpret-hu-2' } })
  t.match(await enter('Olena', 'uk'), { contact: { id: 'interpret-uk' } })
  t.match(await enter('Olena', 'QQ'), { ok: false, why: 'not a language' })
})

void t.test('a change names the version that was seen; of two the second changes nothing', async (t) => {
  const { db } = await testDatabase(t)
  const fields = { name: 'Urbanism', number: '420', language: null }
  await enterContact(db, fields, byNobody)
  const [{ id, version } = { id: '', version: 0 }] = await contactRegister(db)
  const seen = { id, version }
  const both = await Promise.all([
    changeContact(db, seen, { ...fields, number: '421' }, byNobody),
    closeContact(db, seen, null),
  ])
  t.strictSame(both.map((one) => (one.ok ? 'ok' : one.why)).toSorted(), ['changed meanwhile', 'ok'])
  t.match(await changeContact(db, { id: 'nimeni', version }, fields, byNobody), { why: 'unknown contact' })
  await changeContact(db, { id, version: null }, { ...fields, number: '112' }, byNobody)
  const versions = await contactVersions(db, id, 10)
  t.equal(versions.length, 2, 'what is refused leaves no version')
  const [newest] = versions
  t.match(await contactRegister(db), [{ id, version: newest?.version, closed: newest?.closed, by: null }])
})

void t.test('a closed contact is opened again by a further version, unless its name is taken', async (t) => {
  const { db } = await testDatabase(t)
  const fields = { name: 'Urbanism', number: '420', language: null }
  await enterContact(db, fields, byNobody)
  await closeContact(db, { id: 'urbanism', version: null }, null)
  t.match(await closeContact(db, { id: 'urbanism', version: null }, null), { why: 'unknown contact' })
  t.match(await enterContact(db, { ...fields, name: 'urbanism' }, byNobody), {
    contact: { id: 'urbanism-2' },
  })
  const again = { id: 'urbanism', version: null }
  t.match(await changeContact(db, again, fields, byNobody), { ok: false, why: 'name taken' })
  t.match(await changeContact(db, again, { ...fields, name: 'Urbanism 1' }, byNobody), { ok: true })
  t.match(
    (await contactRegister(db)).map(({ id, closed }) => [id, closed]),
    [
      ['urbanism-2', false],
      ['urbanism', false],
    ],
  )
})
