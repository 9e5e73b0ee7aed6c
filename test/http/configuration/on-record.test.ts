/**
 * Changes of hours, of a menu and of skills are on record with who, when, why, before and after. The pages read it in the versions
 * (the tab *Istoric*, `/skills`); the journal has an entry for each version, which binds its whole row.
 */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import t from 'tap'
import { Value } from 'typebox/value'
import { changesOf } from '../../../src/core/configuration/changes.ts'
import type { Configuration, HoursSetting, MenuSetting } from '../../../src/core/configuration/schema.ts'
import { ConfigurationVersions, PublishedConfiguration } from '../../../src/http/configuration/wire.ts'
import { SkillMatrix, SkillVersions } from '../../../src/http/skills/wire.ts'
import { anchorJournal } from '../../../src/ledger/journal/anchor.ts'
import { checkDatabase } from '../../../src/ledger/journal/check.ts'
import { journalEntries } from '../../../src/ledger/journal/journal.ts'
import { journalRows } from '../../../src/ledger/journal/row-check.ts'
import { checkProof } from '../../../src/ledger/journal/proof.ts'
import { openTestDatabase, testDatabase } from '../../support/postgres.ts'
import { journalPlace, serve, signer } from '../serve.ts'

const hours = (weekly: string): HoursSetting => ({
  id: 'iarna',
  name: 'Iarnă',
  weekly,
  holidays: 'closed',
  dates: [],
})
const menu: MenuSetting = {
  id: 'alegere',
  name: 'Alegere',
  says: { ro: 'Pentru un operator, apăsați tasta unu.' },
  keys: { '1': { queue: 'general' } },
  repeats: 1,
}

interface Entry {
  readonly index: number
  readonly register: string
  readonly key: string
  readonly at: string
}

t.test('hours, a menu and skills are on record with before and after', async (t) => {
  const database = await testDatabase(t)
  const { ask, signIn, people, db, recordings } = await serve(t, { db: database.db })
  const [admin, supervisor, auditor] = [await signIn('admin'), await signIn('super'), await signIn('audit')]
  const startedAt = Date.now()
  const inForce = async () =>
    Value.Parse(PublishedConfiguration, (await ask('GET', '/api/configuration', { as: admin })).json)

  async function publish(change: (document: Configuration) => Configuration, reason: string) {
    const { id: basedOn, document } = await inForce()
    const body = { document: change(document), basedOn, reason }
    const published = await ask('POST', '/api/configuration/versions', { as: admin, body })
    t.equal(published.status, 201)
  }
  await publish((before) => ({ ...before, hours: [hours('Mon-Fri 08:00-16:00')] }), 'program de toamnă')
  await publish((before) => ({ ...before, hours: [hours('Mon-Fri 10:00-14:00')] }), 'program de iarnă')
  await publish(
    (before) => ({
      ...before,
      menus: [menu],
      numbers: before.numbers.map((one) => ({ ...one, menu: menu.id })),
    }),
    'un meniu',
  )
  const setLevel = async (level: number, reason: string) => {
    const { agents } = Value.Parse(SkillMatrix, (await ask('GET', '/api/skills', { as: supervisor })).json)
    const basedOn = agents.find(({ id }) => id === people.agent01.id)?.version
    const change = { id: people.agent01.id, basedOn, levels: { general: level } }
    const set = await ask('PUT', '/api/skills', { as: supervisor, body: { agents: [change], reason } })
    t.equal(set.status, 200)
  }
  await setLevel(2, 'a terminat instruirea')
  await setLevel(4, 'un an de experiență')

  const isRecent = (at: string | null) => {
    const time = Date.parse(at ?? '')
    // The database has a clock of its own.
    t.ok(Math.abs(time - startedAt) < 600_000, `at ${at}`)
  }
  const versions = Value.Parse(
    ConfigurationVersions,
    (await ask('GET', '/api/configuration/versions', { as: admin })).json,
  ).items
  const documents = await Promise.all(
    [...versions.map(({ id }) => id), 0].map(async (id) => {
      const { json } = await ask('GET', `/api/configuration/versions/${id}`, { as: admin })
      return Value.Parse(PublishedConfiguration, json).document
    }),
  )

  await t.test('a version of the configuration beside the one before it', async (t) => {
    t.same(
      versions.map(({ by, reason }, index) => {
        const [after, before] = documents.slice(index, index + 2)
        if (after === undefined || before === undefined) throw new Error('a version is missing')
        return { by, reason, changes: changesOf(before, after) }
      }),
      [
        {
          by: people.admin.name,
          reason: 'un meniu',
          changes: [
            { at: 'numbers.969.menu', after: menu.id },
            { at: 'menus', after: [menu] },
          ],
        },
        {
          by: people.admin.name,
          reason: 'program de iarnă',
          changes: [
            { at: 'hours.iarna.weekly', before: 'Mon-Fri 08:00-16:00', after: 'Mon-Fri 10:00-14:00' },
          ],
        },
        {
          by: people.admin.name,
          reason: 'program de toamnă',
          changes: [{ at: 'hours.iarna', after: hours('Mon-Fri 08:00-16:00') }],
        },
      ],
    )
    for (const { publishedAt } of versions) isRecent(publishedAt)
  })

  const skills = Value.Parse(
    SkillVersions,
    (await ask('GET', `/api/skills/versions?agent=${people.agent01.id}`, { as: supervisor })).json,
  ).items
  await t.test('a version of skills has both', async (t) => {
    t.match(skills.slice(0, 2), [
      {
        agent: { name: people.agent01.name },
        by: people.super.name,
        reason: 'un an de experiență',
        before: { general: 2 },
        after: { general: 4 },
      },
      { by: people.super.name, reason: 'a terminat instruirea', after: { general: 2 } },
    ])
    for (const { at } of skills) isRecent(at)
  })

  await t.test('the journal has an entry for each, which the auditor can prove', async (t) => {
    // The node does so every few seconds.
    await journalRows(db, 10_000)
    const entries = (await journalEntries(db, 0, 10_000)).map(({ index, entry }) => ({
      ...(JSON.parse(entry) as Entry),
      index,
    }))
    const entryOf = (register: string, id: number) =>
      entries.find((one) => one.register === register && one.key === String(id))
    await anchorJournal(db, journalPlace(recordings), signer, Date.now())
    const wanted = [
      ...versions.map(({ id }) => ['configuration_versions', id] as const),
      ...skills.map(({ id }) => ['agent_skill_versions', id] as const),
    ]
    for (const [register, id] of wanted) {
      const entry = entryOf(register, id)
      t.ok(entry, `${register} ${id}`)
      isRecent(entry?.at ?? null)
      const proof = await ask('GET', `/api/journal/entries/${entry?.index}/proof`, { as: auditor })
      const file = path.join(recordings, 'proof')
      writeFileSync(file, proof.text)
      t.equal(await checkProof(file, signer.verifierKey), null)
    }
  })

  await t.test('nobody changes it: what a superuser has rewritten is found', async (t) => {
    const against = {
      anchor: journalPlace(recordings).folder,
      verifierKey: signer.verifierKey,
    }
    t.match(await checkDatabase(db, against), { ok: true })
    const superuser = openTestDatabase(database.adminUrl)
    t.teardown(() => superuser.destroy())
    const rewrite = sql`update configuration_versions set document = jsonb_set(document, '{hours,0,weekly}', '"always"')
      where id = ${versions[1]?.id}`
    await t.rejects(rewrite.execute(db), 'the application may not')
    await sql`alter table configuration_versions disable trigger all`.execute(superuser)
    await rewrite.execute(superuser)
    await sql`alter table configuration_versions enable trigger all`.execute(superuser)
    const found = await checkDatabase(db, against)
    t.match(found, { ok: false, bad: { sentence: /configuration_versions/ } })
  })
})
