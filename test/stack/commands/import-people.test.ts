import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readSettings } from '../../../src/config.ts'
import { accountByUsername, addAccount, closeAccount } from '../../../src/people/accounts.ts'
import { openActivation } from '../../../src/people/activations.ts'
import { endContract } from '../../../src/people/employers.ts'
import { importPeopleFile } from '../../../src/stack/commands/import-people.ts'
import { addUser } from '../../../src/stack/commands/user.ts'
import { changeConfiguration } from '../../support/configuration.ts'
import { testDatabase } from '../../support/postgres.ts'

const { db, appUrl } = await testDatabase(t)
const dir = t.testdir()
const settings = readSettings({ DATABASE_URL: appUrl, VAR_DIR: dir })
const taxes = { id: 'taxe', name: 'Taxe', skill: 'taxe', levelMin: 2, priority: 10 }
await changeConfiguration(db, (document) => ({ ...document, queues: [...document.queues, taxes] }))
let files = 0

async function imported(text: string) {
  files += 1
  const [file, codes] = [join(dir, `people-${files}.csv`), join(dir, `codes-${files}.csv`)]
  writeFileSync(file, text)
  const lines: string[] = []
  await importPeopleFile(settings, [file, codes], (line) => lines.push(line)).catch((error: unknown) =>
    lines.push(`refused: ${error instanceof Error ? error.message : String(error)}`),
  )
  return { lines, codes }
}

async function skillsOf(username: string): Promise<Record<string, number>> {
  const account = await accountByUsername(db, username)
  const rows = await db
    .selectFrom('agent_skills')
    .select(['skill', 'level'])
    .where('account', '=', account?.id ?? ('' as never))
    .orderBy('skill')
    .execute()
  return Object.fromEntries(rows.map(({ skill, level }) => [skill, level]))
}

await t.test(
  'people of a spreadsheet get accounts, and a code each in a file for the operator alone',
  async (t) => {
    const { lines, codes } = await imported(
      '\uFEFFusername;name;roles;employer;skills\r\n' +
        'ana.pop;Ana Pop;;;\r\n' +
        'Ion.Rus;Ion Rus;agent supervisor;Glas SRL;"taxe:4, general"\r\n',
    )
    t.match(lines, [/^2 accounts are open\.$/, /activation codes are in/])
    t.match(await accountByUsername(db, 'ana.pop'), {
      name: 'Ana Pop',
      roles: ['agent'],
      employer: 'Primăria',
    })
    t.match(await accountByUsername(db, 'ion.rus'), { roles: ['agent', 'supervisor'], employer: 'Glas SRL' })
    t.same(await skillsOf('ana.pop'), { general: 1, taxe: 2 }, 'every queue, at its lowest level')
    t.same(await skillsOf('ion.rus'), { general: 1, taxe: 4 })
    t.equal(statSync(codes).mode & 0o777, 0o600)
    const [head, first, second, ...none] = readFileSync(codes, 'utf8').trimEnd().split('\n')
    t.equal(head, 'username,name,code,valid until')
    t.match(second, /^ion\.rus,Ion Rus,/)
    t.same(none, [])
    t.match(await openActivation(db, first?.split(',')[2] ?? '', 'a browser'), { ok: true }, 'the code opens')
  },
)

await t.test('again: those who have an account stay as they are, also a closed one', async (t) => {
  const ana = await accountByUsername(db, 'ana.pop')
  if (ana !== null) await closeAccount(db, ana.id, null)
  const { lines } = await imported('name,username\nAna Popescu,ana.pop\nDan Lup,dan.lup\n')
  t.match(lines, [/^1 account is open, 1 was there already and stays unchanged\.$/, /activation codes/])
  t.match(await accountByUsername(db, 'ana.pop'), { name: 'Ana Pop' })
  t.not((await accountByUsername(db, 'ana.pop'))?.closedAt, null)
})

await t.test('a wrong row: nobody is imported, and each fault is named with its line', async (t) => {
  const { lines } = await imported(
    [
      'username,name,roles,skills',
      'eva.dan,Eva Dan,agent,general:3',
      'Trunk,,operator,acte:2',
      'eva.dan,Eva,administrator agent,general:9',
      'x.y,Xy,agent,general:3,more',
    ].join('\n'),
  )
  t.match(lines, [
    /people-\d+\.csv, line 3, username: "trunk" is not usable/,
    /line 3, name: 1–80/,
    /line 3, roles: "operator" is not a role/,
    /line 3, skills: no queue asks for "acte" \(general, taxe\)/,
    /line 4, username: "eva\.dan" is in an earlier row/,
    /line 4, roles: an administrator has no other role/,
    /line 4, skills: "general:9" is written as general:3/,
    /line 5, there are more cells than columns/,
    /refused: Nobody was imported: 3 of 4 rows are wrong\./,
  ])
  t.equal(await accountByUsername(db, 'eva.dan'), null)
})

await t.test(
  'an import that broke off goes on, and a firm whose contract has ended is named first',
  async (t) => {
    const broken = { username: 'lia.pop', name: 'Lia Pop', employer: 'Glas SRL', roles: ['agent'] } as const
    t.match(await addAccount(db, broken), { ok: true }, 'opened, and no code')
    const { lines, codes } = await imported('username,name\nlia.pop,Lia Pop\nana.pop,Ana Pop\n')
    t.match(lines, [/^1 account is open, 1 was there already/, /codes/])
    t.match(readFileSync(codes, 'utf8'), /^lia\.pop,/m)
    t.same(await skillsOf('lia.pop'), { general: 1, taxe: 2 })
    await endContract(db, 'Glas SRL', null)
    const refused = await imported('username,name,employer\npia.pop,Pia Pop,\nrea.pop,Rea Pop,Glas SRL\n')
    t.match(refused.lines, [/line 3, employer: the contract of "Glas SRL" has ended/, /Nobody was imported/])
    t.equal(await accountByUsername(db, 'pia.pop'), null)
  },
)

await t.test('one firm in two spellings is one employer, and its name has a bound', async (t) => {
  const owner = { username: 'ina.pop', name: 'Ina Pop', employer: 'Primăria Nouă', roles: ['agent'] } as const
  t.match(await addAccount(db, owner), { ok: true })
  const decomposed = 'Primăria  Nouă'.normalize('NFD')
  await imported(`username,name,employer\nioana.pop,Ioana   Pop,${decomposed}\n`)
  t.match(await accountByUsername(db, 'ioana.pop'), { name: 'Ioana Pop', employer: 'Primăria Nouă' })
  await addUser(settings, ['radu.pop', 'Radu Pop', '--employer', decomposed])
  t.match(await endContract(db, 'Primăria Nouă', null), { closed: 3 })
  const refused = await imported(
    `username,name,employer\nzoe.pop,Zoe Pop,${decomposed}\nvlad.pop,Vlad Pop,${'x'.repeat(201)}\n`,
  )
  t.match(refused.lines, [
    /line 2, employer: the contract of "Primăria Nouă" has ended/,
    /line 3, employer: 1–200 characters/,
    /Nobody was imported: 2 of 2/,
  ])
})

await t.test('a name that a spreadsheet would compute is text in the file of codes', async (t) => {
  const { codes } = await imported('username,name\nformula,=1+1\n')
  t.match(readFileSync(codes, 'utf8'), /^formula,'=1\+1,/m)
})

await t.test('files of another shape, and codes that would overwrite a file', async (t) => {
  const refused = async (text: string): Promise<string> => (await imported(text)).lines.join('\n')
  t.match(await refused('user,name\na,b\n'), /first row names the columns/)
  t.match(await refused('username,name,name\na,b,c\n'), /each once/)
  t.match(await refused('username\na\n'), /username and name are obligatory/)
  t.match(await refused('username,name\n'), /nobody in it/)
  t.match(await refused(''), /first row/)
  t.match(await refused('username,name\n"a,b\n'), /quote/)
  const file = join(dir, 'one.csv')
  writeFileSync(file, 'username,name\nmia.pop,Mia Pop\n')
  await t.rejects(importPeopleFile(settings, [file, file]), { message: /is there already/ })
  await t.rejects(importPeopleFile(settings, [file]), { message: /where the activation codes go/ })
  await t.rejects(importPeopleFile(settings, [join(dir, 'none.csv'), 'x']), { message: /cannot be read/ })
  t.equal(await accountByUsername(db, 'mia.pop'), null)
})
